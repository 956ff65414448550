import geopandas as gpd
import pytest
import shapely


@pytest.fixture(scope="module")
def units(root):
    return gpd.read_file(root / "examples" / "kurayoshi" / "units.geojson")


@pytest.fixture(scope="module")
def areas(root):
    return gpd.read_file(root / "examples" / "kurayoshi" / "areas.geojson")


def test_it_holds_237_areas_20838_households_and_55534_people(units):
    assert len(units) == units["unit_id"].nunique() == 237
    assert units["households"].sum() == 20_838
    assert units["residents"].sum() == 55_534


def test_two_areas_have_nobody(units):
    assert (units["households"] == 0).sum() == 2


def test_units_cover_without_gap_or_overlap(units):
    assert shapely.coverage_is_valid(units.geometry.to_numpy())


def test_communities_are_exactly_their_units(units, areas):
    communities = areas[areas["level"] == "community"].set_index("area_id").geometry
    joined = units.dissolve("community_id").geometry
    assert sorted(joined.index) == sorted(communities.index) == ["31203001", "31203002", "31364001"]
    assert shapely.equals(joined.to_numpy(), communities[joined.index].to_numpy()).all()
