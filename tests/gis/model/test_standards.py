"""Bands and profiles: the defaults of the domain, and nonsense refused at birth."""

import pytest

from gis.model.errors import SettingError
from gis.model.standards import Band, ServiceStandard, default_profiles, default_visits


def test_the_default_bands_are_those_of_the_domain() -> None:
    bands = {
        n: (p.band.minimum, p.band.target, p.band.maximum) for n, p in default_profiles().items() if n != "dedicated"
    }
    assert bands == {
        "urban": (300, 400, 500),
        "rural": (150, 300, 400),
        "pastoral": (10, 35, 60),
    }  # dedicated has no band


@pytest.mark.parametrize(("load", "outside"), [(300, 0), (500, 0), (299, 1), (501, 1), (0, 300)])
def test_the_ends_belong_to_the_band(load: float, outside: float) -> None:
    assert Band(300, 400, 500).violation(load) == outside


@pytest.mark.parametrize("ends", [(500, 400, 300), (-1, 0, 1), (0, 0, 0), (300, 200, 500)])
def test_a_band_with_min_above_max_is_refused(ends: tuple[float, float, float]) -> None:
    with pytest.raises(SettingError):
        Band(*ends)


@pytest.mark.parametrize(("load", "counts"), [(1000, [2, 3]), (550, []), (300, [1]), (0, [])])
def test_the_numbers_of_grids_follow_from_load_and_band(load: float, counts: list[int]) -> None:
    assert list(Band(300, 400, 500).grid_counts(load)) == counts


def test_a_profile_takes_changes_by_the_names_of_the_study_file() -> None:
    changed = default_profiles()["urban"].with_changes({"households_max": 450, "patrol_h": 200})
    assert (changed.band.maximum, changed.patrol_h, changed.band.minimum) == (450, 200, 300)


def test_every_default_names_its_source() -> None:
    assert all(p.source for p in default_profiles().values())
    assert all(v.source for v in default_visits())


def test_a_service_without_metres_is_refused() -> None:
    with pytest.raises(SettingError):
        ServiceStandard("s", "eldercare", "residents", 0, "5min")
