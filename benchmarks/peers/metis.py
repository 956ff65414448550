"""Contiguous METIS (Karypis & Kumar 1998, doi:10.1137/S1064827595287997): k parts of like load, fewest cut edges."""

from __future__ import annotations

import numpy as np
import pymetis

from optimize.partition.problem import Territory

OPTIONS = {"contig": True, "niter": 50, "ncuts": 3, "ufactor": 200}  # ufactor 200: a load may be 1.2 times the mean


def split(territory: Territory, count: int, seed: int) -> np.ndarray:
    """Return labels by direct k-way partitioning, loads as vertex weights, edges unweighted."""
    _, labels = pymetis.part_graph(
        count,
        xadj=territory.indptr.tolist(),
        adjncy=territory.indices.tolist(),
        vweights=territory.load.tolist(),
        recursive=False,
        options=pymetis.Options(**OPTIONS, seed=seed),
    )
    return np.asarray(labels)
