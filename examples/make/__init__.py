"""Generators of the shipped examples and of the benchmark data; not part of the product."""
