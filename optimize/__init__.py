"""Decide: draw grids, post workers, place facilities."""
