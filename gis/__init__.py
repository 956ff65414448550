"""Describe and measure: nouns, files, space, measures and the store."""
