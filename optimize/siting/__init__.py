"""Where facilities go: maximum cover, p-median, p-centre, fewest."""

from optimize.siting.placement import place_facilities

__all__ = ["place_facilities"]
