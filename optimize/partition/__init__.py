"""Drawing grids: the problem, the search, the proof and the reasons."""
