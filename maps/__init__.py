"""Draw: interactive maps, plots, sheets and reports."""
