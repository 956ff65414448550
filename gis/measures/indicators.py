"""Stated versus computed: figures claimed elsewhere beside the same figures worked out again."""

from __future__ import annotations

import pandas as pd

__all__ = ["FLAG_POINTS", "check_indicators"]

FLAG_POINTS = 0.5  # percentage points; published figures are rounded to whole points
HUNDRED = 100
DIGITS = 9  # half a point is half a point, whatever the last bit says


def check_indicators(indicators: pd.DataFrame) -> pd.DataFrame:
    """Set what is stated beside what follows from its own numbers.

    Parameters
    ----------
    indicators
        name, stated, numerator, denominator (missing for a plain count or sum), and more columns,
        which are kept. A stated share may be written as 0.82 or as 82.

    Returns
    -------
    DataFrame
        On the index of `indicators`: its columns with `stated` as a share where there is a
        denominator, and

        - computed: numerator / denominator, or the numerator of a plain count; missing where the
          denominator is 0 or a number is not given,
        - difference_points: stated - computed in percentage points, for a plain count in percent
          of what was computed,
        - flagged: whether the difference is more than `FLAG_POINTS`; missing where nothing can be computed.
    """
    stated = indicators["stated"].astype(float)
    numerator = indicators["numerator"].astype(float)
    denominator = indicators["denominator"].astype(float)
    is_share = denominator.notna()
    computed = numerator.where(~is_share, numerator / denominator.where(denominator != 0))
    in_percent = is_share & (stated > 1) & (numerator <= denominator)
    stated = stated.where(~in_percent, stated / HUNDRED)
    scale = computed.where(computed != 0).mask(is_share, 1.0)
    points: pd.Series[float] = ((stated - computed) / scale * HUNDRED).round(DIGITS)
    flagged = (points.abs() > FLAG_POINTS).astype("boolean").mask(points.isna())
    return indicators.assign(stated=stated, computed=computed, difference_points=points, flagged=flagged)
