"""What is measured of a study and a plan: one definition each for table, map, report and API."""

from gis.measures.after_edits import measured_again
from gis.measures.audit import AuditReport, audit_plan
from gis.measures.balance import grid_balance
from gis.measures.communities import measure_communities, renewed_areas
from gis.measures.compactness import polsby_popper, reock
from gis.measures.contiguity import grid_pieces, unit_pieces
from gis.measures.convenience import grid_hearts
from gis.measures.coverage import measure_coverage, serving
from gis.measures.gaps import gap_table
from gis.measures.grids import called, measure_grids, named_grids
from gis.measures.indicators import check_indicators
from gis.measures.micro_grids import measure_micro_grids
from gis.measures.moved import changes_grid, moved_households, surviving_grids
from gis.measures.outlines import community_cover, grid_outlines
from gis.measures.rates import area_memberships, coverage_rates
from gis.measures.registry import MEASURES, Measure, measure_plan
from gis.measures.sides import grid_sides
from gis.measures.sums import grid_sums, grid_totals
from gis.measures.targets import facility_counts, joint_completeness, kind_targets, meets, shortfall, target_for
from gis.measures.workload import grid_workload, unit_workload, with_workload, workload_parts

__all__ = [
    "MEASURES",
    "AuditReport",
    "Measure",
    "area_memberships",
    "audit_plan",
    "called",
    "changes_grid",
    "check_indicators",
    "community_cover",
    "coverage_rates",
    "facility_counts",
    "gap_table",
    "grid_balance",
    "grid_hearts",
    "grid_outlines",
    "grid_pieces",
    "grid_sides",
    "grid_sums",
    "grid_totals",
    "grid_workload",
    "joint_completeness",
    "kind_targets",
    "measure_communities",
    "measure_coverage",
    "measure_grids",
    "measure_micro_grids",
    "measure_plan",
    "measured_again",
    "meets",
    "moved_households",
    "named_grids",
    "polsby_popper",
    "renewed_areas",
    "reock",
    "serving",
    "shortfall",
    "surviving_grids",
    "target_for",
    "unit_pieces",
    "unit_workload",
    "with_workload",
    "workload_parts",
]
