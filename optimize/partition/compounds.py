"""Compounds (小区, hamlets) kept whole: what cutting one costs."""

from __future__ import annotations

import numpy as np

from optimize.partition.problem import Terms, Territory

__all__ = ["compound_terms"]


def compound_terms(territory: Territory, price_m: float) -> Terms:
    """Return the price of cutting neighbours of one compound apart.

    A cut pair costs ``price_m`` times the mean households of its two units.
    """
    rows = np.repeat(np.arange(len(territory)), np.diff(territory.indptr))
    columns = territory.indices
    same = (territory.compound[rows] >= 0) & (territory.compound[rows] == territory.compound[columns])
    if price_m <= 0 or not same.any():
        return Terms()
    mean = (territory.households[rows] + territory.households[columns]) / 2
    return Terms(border=np.where(same, mean * price_m, 0.0))
