"""Who leads which grid, and who stands beside."""

from optimize.staffing.posting import post_workers

__all__ = ["post_workers"]
