import pytest
import shapely

from examples.make.family import BUILDINGS, HOUSEHOLDS, make_family


@pytest.fixture(scope="module")
def town():
    return make_family(7, communities=5)


def test_one_seed_makes_one_town(town):
    again = make_family(7, communities=5)
    assert town.households.equals(again.households)
    for name in ("areas", "buildings", "barriers", "paths"):
        left, right = getattr(town, name), getattr(again, name)
        assert (left.geometry.to_wkb() == right.geometry.to_wkb()).all()


def test_another_seed_makes_another_town(town):
    assert not town.households.equals(make_family(8, communities=5).households)


def test_every_community_lies_in_the_family_s_ranges(town):
    by_community = town.households.groupby("community_id")
    homes, buildings = by_community["households"].sum(), by_community["building_id"].nunique()
    assert len(homes) == 5
    assert homes.between(*HOUSEHOLDS).all()
    assert buildings.between(*BUILDINGS).all()


def test_communities_cover_the_town_without_gap_or_overlap(town):
    low = town.areas[town.areas["level"] == "community"]
    assert shapely.coverage_is_valid(low.geometry.to_numpy())


def test_no_building_straddles_a_barrier_or_another_building(town):
    lines = town.barriers[town.barriers["kind"] != "crossing"].union_all()
    assert not town.buildings.intersects(lines).any()
    shapes = town.buildings.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (left == right).all()


def test_every_building_stands_in_its_community(town):
    community = town.households.drop_duplicates("building_id").set_index("building_id")["community_id"]
    ground = town.areas.set_index("area_id").geometry
    shapes = town.buildings.set_index("building_id").geometry
    assert shapely.within(shapes.to_numpy(), ground[community[shapes.index]].to_numpy()).all()


def test_doors_and_buildings_count_the_same_homes(town):
    by_building = town.households.groupby("building_id")["households"].sum()
    assert (by_building == town.buildings.set_index("building_id")["households"]).all()


def test_person_groups_never_exceed_residents(town):
    groups = ["elder_80_alone", "elder_special", "child_at_risk", "disabled_severe"]
    assert (town.households[groups].sum(axis=1) <= town.households["residents"]).all()
