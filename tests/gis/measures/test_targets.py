from __future__ import annotations

import pandas as pd
import pytest

from gis.measures import facility_counts, joint_completeness, kind_targets, meets, shortfall, target_for
from gis.model.standards import Target, default_targets
from gis.model.study import StudyArea


@pytest.mark.parametrize(
    ("share", "total", "have", "missing"),
    [(0.8, 5, 4, 0), (0.8, 5, 3, 1), (0.07, 100, 6, 1), (0.07, 100, 7, 0), (0.98, 51, 49, 1), (1.0, 3, 0, 3)],
)
def test_the_shortfall_is_what_lacks_to_the_whole_number_above(share: float, total: int, have: int, missing: int):
    target = Target("clinic", ">=", share)
    assert shortfall(target, total=total, have=have) == missing
    assert meets(target, total=total, have=have) is (missing == 0)


def test_at_most_counts_what_is_too_many():
    target = Target("closed", "<=", 0.1)
    assert shortfall(target, total=100, have=10) == 0
    assert shortfall(target, total=100, have=13) == 3


def test_nothing_to_count_is_not_applicable():
    assert shortfall(Target("clinic", ">=", 0.8), total=0, have=0) is None
    assert meets(Target("clinic", ">=", 0.8), total=0, have=0) is None


def test_the_more_particular_target_wins_then_the_later_year():
    targets = (
        Target("clinic", ">=", 0.5),
        Target("clinic", ">=", 0.6, settlement="urban"),
        Target("clinic", ">=", 0.7, settlement="urban", year=2015),
        Target("clinic", ">=", 0.8, settlement="urban", year=2020),
    )

    def share(settlement: str | None, year: int | None = None) -> float | None:
        found = target_for(targets, kind="clinic", per=("community",), settlement=settlement, year=year)
        return found and found.value_share

    assert share("urban") == 0.8
    assert share("urban", 2017) == 0.7, "years are not interpolated"
    assert share("urban", 2010) == 0.6
    assert share("rural") == 0.5
    assert share(None) == 0.5
    assert target_for(targets, kind="clinic", per=("residents",)) is None


def test_the_share_of_communities_with_a_kind_is_held_to_its_target(town: StudyArea):
    counts = facility_counts(town.facilities, town.areas)
    assert counts["clinic"].to_dict() == {"A": 1, "B": 0, "C": 0, "S": 1, "T": 1}
    targets = (
        Target("clinic", ">=", 0.8, settlement="urban", year=2020),
        Target("clinic", ">=", 0.1, settlement="urban", year=2015),
        Target("clinic", ">=", 0.4, settlement="rural"),
        Target("clinic", ">=", 0.4, region="north"),
    )
    table = kind_targets(town.areas, counts, targets).set_index(["settlement"])
    urban = table.loc["urban"]
    assert urban[["total", "have", "rate_share", "target_share", "shortfall"]].tolist() == [2, 1, 0.5, 0.8, 1]
    assert not urban["met"]
    assert table.loc["rural", ["total", "have", "shortfall"]].tolist() == [1, 0, 1]
    north = table[table["region"].eq("north")]
    assert north["total"].tolist() == [0]
    assert north[["rate_share", "shortfall", "met"]].isna().all(axis=None)


def test_targets_of_other_denominators_are_not_counted_in_areas(town: StudyArea):
    counts = facility_counts(town.facilities, town.areas)
    assert "bed" not in set(kind_targets(town.areas, counts, default_targets())["per"])


def test_one_centre_two_stations_must_all_be_there():
    counts = pd.DataFrame({"centre": [1, 1], "station": [2, 1]}, index=["A", "B"])
    joint = joint_completeness(counts, {"centre": 1, "station": 2})
    assert joint["complete"].to_dict() == {"A": True, "B": False}
    assert joint["kinds_met"].to_dict() == {"A": 2, "B": 1}
    assert not joint_completeness(counts, ["centre", "school"])["complete"].any()
