"""The question as a study asks it: which facilities are fixed, which may be chosen, and what is refused."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from gis.model.errors import SettingError
from gis.model.kinds import SitingObjective
from gis.model.standards import ServiceStandard
from gis.model.study import SitingSettings, StudyArea, StudySettings
from optimize.siting import place_facilities

ELDERS = ServiceStandard("elders_150", "eldercare", "residents", 150.0, "5min")
SPOTS = {  # facility -> kind, status, metres along the street, cost
    "c1": ("eldercare", "candidate", 250, 5.0),
    "c2": ("any", "candidate", 450, 9.0),
    "c3": ("clinic", "candidate", 350, 1.0),
    "e1": ("eldercare", "existing", 50, None),
    "e2": ("clinic", "existing", 450, None),
}


@pytest.fixture
def street():
    """Six units of 100 m in a row, 10, 20, ... 60 residents; walks along the street up to 250 m."""
    spots = [(u, f) for u in range(6) for f in sorted(SPOTS)]
    walks = [(f"u{u}", f, float(abs(50 + 100 * u - SPOTS[f][2])), "straight") for u, f in spots]
    reach = pd.DataFrame(walks, columns=["unit_id", "facility_id", "walk_m", "walk_basis"])
    facilities = gpd.GeoDataFrame(
        {
            "kind": [SPOTS[f][0] for f in sorted(SPOTS)],
            "status": [SPOTS[f][1] for f in sorted(SPOTS)],
            "cost": [SPOTS[f][3] for f in sorted(SPOTS)],
        },
        geometry=[Point(SPOTS[f][2], 0) for f in sorted(SPOTS)],
        index=pd.Index(sorted(SPOTS), name="facility_id"),
        crs="EPSG:4547",
    )
    units = gpd.GeoDataFrame(
        {"residents": [10 * (u + 1) for u in range(6)]},
        geometry=[box(100 * u, 0, 100 * u + 100, 50) for u in range(6)],
        index=pd.Index([f"u{u}" for u in range(6)], name="unit_id"),
        crs="EPSG:4547",
    )
    empty = gpd.GeoDataFrame(geometry=[], crs="EPSG:4547")
    return StudyArea(
        settings=StudySettings("street", "Street"),
        crs="EPSG:4547",
        areas=empty,
        units=units,
        adjacency=pd.DataFrame(),
        barriers=empty,
        facilities=facilities,
        workers=pd.DataFrame(),
        reach=reach[reach["walk_m"] <= 250],
        reach_m=250.0,
    )


def test_existing_facilities_of_the_kind_stay_and_those_of_other_kinds_do_not_count(street):
    siting = place_facilities(street, SitingSettings("elders_150", add=1), ELDERS, rng_seed=0)
    assert siting.chosen == ("c2",)  # covers u3, u4, u5; the clinic at u4 is no elder care
    assert siting.gains == {"c2": 40 + 50 + 60}
    assert siting.answer.status == "optimal"


def test_a_facility_of_another_level_does_not_serve_this_one(street):
    both = (ELDERS, ServiceStandard("elders_250", "eldercare", "residents", 250.0, "10min"))
    study = replace(street, settings=replace(street.settings, services=both))
    levelled = replace(study, facilities=study.facilities.assign(tier=["10min"] * 5))
    settings = SitingSettings("elders_150", cover_all=True)
    assert sum(place_facilities(levelled, settings, ELDERS).gains.values()) > 180
    assert sum(place_facilities(study, settings, ELDERS).gains.values()) == 180


def test_a_candidate_of_another_kind_is_never_chosen(street):
    siting = place_facilities(street, SitingSettings("elders_150", cover_all=True), ELDERS, rng_seed=0)
    assert siting.chosen == ("c2", "c1")
    assert siting.gains == {"c2": 150.0, "c1": 30.0}


def test_a_budget_buys_only_what_it_can_pay(street):
    siting = place_facilities(street, SitingSettings("elders_150", budget=8), ELDERS, rng_seed=0)
    assert siting.chosen == ("c1",)


def test_a_walk_of_exactly_the_standard_is_covered(street):
    just = ServiceStandard("elders_100", "eldercare", "residents", 100.0, "5min")
    siting = place_facilities(street, SitingSettings("elders_100", add=1), just, rng_seed=0)
    assert siting.gains == {"c2": 150.0}  # u3 and u5 are 100 m away


def test_the_p_median_saves_walks_and_says_how_many(street):
    settings = SitingSettings("elders_150", add=1, objective=SitingObjective.P_MEDIAN)
    siting = place_facilities(street, settings, ELDERS, rng_seed=0)
    assert siting.chosen == ("c2",)
    # u2 walks 200 m either way, u3 saves 250 - 100, u4 250, u5 250 - 100
    assert siting.gains == {"c2": 40 * 150 + 50 * 250 + 60 * 150}


def test_the_order_of_the_tables_does_not_matter(street):
    settings = SitingSettings("elders_150", add=2)
    one = place_facilities(street, settings, ELDERS, rng_seed=0)
    shuffled = replace(
        street, reach=street.reach.iloc[::-1], facilities=street.facilities.iloc[::-1], units=street.units.iloc[::-1]
    )
    assert place_facilities(shuffled, settings, ELDERS, rng_seed=0).gains == one.gains


@pytest.mark.parametrize(
    "nonsense",
    [
        SitingSettings("elders_150"),
        SitingSettings("elders_150", add=1, budget=2),
        SitingSettings("elders_150", add=-1),
        SitingSettings("elders_150", budget=float("nan")),
        SitingSettings("elders_150", add=1, objective=SitingObjective.FEWEST),
    ],
)
def test_limits_that_make_no_sense_are_refused(street, nonsense):
    with pytest.raises(SettingError, match="siting"):
        place_facilities(street, nonsense, ELDERS, rng_seed=0)


def test_a_candidate_without_a_cost_is_refused_by_name_when_a_budget_asks(street):
    street.facilities.loc["c1", "cost"] = None
    with pytest.raises(SettingError, match="c1"):
        place_facilities(street, SitingSettings("elders_150", budget=8), ELDERS, rng_seed=0)


def test_walks_that_end_before_the_standard_are_refused(street):
    far = ServiceStandard("elders_500", "eldercare", "residents", 500.0, "5min")
    with pytest.raises(SettingError, match="250"):
        place_facilities(street, SitingSettings("elders_500", add=1), far, rng_seed=0)
