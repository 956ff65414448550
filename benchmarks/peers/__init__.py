"""Other programs that split a graph, run on the engine's own instances; installed by `make bench-partition` only."""
