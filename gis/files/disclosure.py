"""What a public count may say: the rules that keep small numbers of people from being worked out.

A count below 5, 0 among them, is withheld; any other is rounded to the nearest 5. Whatever is
published above the single cell - totals, complements, rates, shortfalls - is worked out from
published cells only, so that it adds nothing to know. A cell that stays the same ground between
two versions keeps its number until the truth is 5 or more away; where a change between versions
sets 1 to 4 people or households apart, all numbers around it are withheld.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LEAST_SHOWN", "LEAST_TOTAL", "ROUND_TO", "changed_around_few", "keep_number", "rounded", "sum_shown"]

ROUND_TO = 5
LEAST_SHOWN = 5  # counts below are never shown
LEAST_TOTAL = 20  # where fewer are counted, no part of them is told
STANDS_FOR_WITHHELD = 2  # what a withheld count adds to a sum, so that sums are not always too low


def rounded(counts: pd.Series[int]) -> pd.Series[int]:
    """Round counts to the nearest 5 and withhold those below 5.

    Returns
    -------
    Series
        ``Int64`` on the index of `counts`; missing where withheld.
    """
    values = counts.astype("int64")
    nearest = (values + ROUND_TO // 2) // ROUND_TO * ROUND_TO
    return nearest.astype("Int64").mask(values < LEAST_SHOWN)


def keep_number(counts: pd.Series[int], before: pd.Series[int]) -> pd.Series[int]:
    """Round counts, but keep the number published before while the truth is less than 5 away from it.

    Parameters
    ----------
    counts
        True counts now.
    before
        Published before, ``Int64``; missing where withheld or never published.
    """
    now = rounded(counts)
    old = before.reindex(counts.index)
    near = (counts.astype("Int64") - old).abs() < ROUND_TO
    stays = near.fillna(value=False).to_numpy(dtype=bool) & (counts >= LEAST_SHOWN).to_numpy()
    return now.mask(stays, old)


def changed_around_few(counts: pd.DataFrame, old: pd.Series[str], new: pd.Series[str]) -> set[str]:
    """Find the new grids whose numbers would let a small count be worked out from those published before.

    Units are grouped by the old and the new grid they stand in. Where such a group is not its
    whole old and whole new grid, and holds 1 to 4 of anything counted, the numbers of every new
    grid on the ground of that old grid, and of that new grid, are to be withheld.

    Parameters
    ----------
    counts
        Index ``unit_id``; a column for everything that is published as a sum over grids.
    old, new
        unit_id -> grid_id before and now; a unit not there before counts as a grid of its own ground.
    """
    both = pd.DataFrame({"old": old.reindex(counts.index).fillna(""), "new": new.reindex(counts.index)})
    groups = counts.groupby([both["old"], both["new"]]).sum()
    olds, news = groups.index.get_level_values(0), groups.index.get_level_values(1)
    alone = pd.Series(1, index=groups.index)
    whole = (alone.groupby(olds).transform("size") == 1) & (alone.groupby(news).transform("size") == 1)
    few = ((groups > 0) & (groups < LEAST_SHOWN)).any(axis=1) & ~whole.to_numpy()
    touched_old, touched_new = set(olds[few]), set(news[few])
    return touched_new | set(news[olds.isin(touched_old)])


def sum_shown(shown: pd.Series[int], by: Iterable[object]) -> pd.Series[int]:
    """Sum published counts, and nothing else, by a key; a withheld one stands for 2, the sum is rounded to 5."""
    parts = shown.astype("Float64").fillna(STANDS_FOR_WITHHELD).astype(float)
    sums = parts.groupby(np.asarray(list(by), dtype=object)).sum()
    return rounded(sums.round().astype("int64"))
