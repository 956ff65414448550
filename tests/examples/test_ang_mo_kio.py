import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
import shapely

PERSON_GROUPS = ["elder_80_alone", "elder_special", "child_at_risk", "disabled_severe"]
HOME_GROUPS = ["low_income", "extreme_poverty", "floating_household"]


@pytest.fixture(scope="module")
def place(root):
    return root / "examples" / "ang_mo_kio"


@pytest.fixture(scope="module")
def blocks(place):
    return pd.read_csv(place / "blocks.csv", dtype={"block_id": str}, keep_default_na=False)


@pytest.fixture(scope="module")
def zones(place):
    areas = gpd.read_file(place / "areas.geojson")
    return areas[areas["level"] == "subzone"].set_index("code")


def modelled(blocks, names):
    return blocks[[f"{name}_modelled" for name in names]].sum(axis=1)


def test_it_holds_392_blocks_with_52140_dwellings_in_7_of_12_subzones(blocks, zones):
    assert len(blocks) == blocks["block_id"].nunique() == 392
    assert blocks["dwellings"].sum() == 52_140
    assert len(zones) == 12
    assert blocks["subzone_code"].nunique() == 7


def test_every_block_lies_in_its_subzone(blocks, zones):
    spots = shapely.points(blocks[["lon", "lat"]].to_numpy())
    assert shapely.within(spots, zones.geometry[blocks["subzone_code"]].to_numpy()).all()


def test_the_subzones_share_their_borders_exactly(zones):
    assert shapely.coverage_is_valid(zones.geometry.to_numpy())


def test_what_is_modelled_says_so_in_its_column(blocks):
    real = {"block_id", "building_id", "address", "subzone_code", "lon", "lat", "dwellings"}
    assert all(name in real or name.endswith("_modelled") for name in blocks.columns)


def test_modelled_residents_follow_the_area_s_persons_a_dwelling(blocks):
    assert blocks["residents_modelled"].sum() / 52_140 == pytest.approx(129_660 / 51_730, rel=0.02)


def test_groups_never_exceed_who_is_there(blocks):
    assert (modelled(blocks, PERSON_GROUPS) <= blocks["residents_modelled"]).all()
    assert (modelled(blocks, HOME_GROUPS) <= blocks["dwellings"]).all()


def test_66_buildings_without_dwellings_are_candidates(place):
    facilities = pd.read_csv(place / "facilities.csv")
    assert (facilities["status"] == "candidate").sum() == 66
    assert facilities["facility_id"].is_unique


def test_facilities_outside_the_area_are_within_1_km(place, zones):
    facilities = pd.read_csv(place / "facilities.csv")
    spots = gpd.GeoSeries(gpd.points_from_xy(facilities["x"], facilities["y"]), crs=4326).to_crs(3414)
    away = spots.distance(zones.to_crs(3414).geometry.union_all())
    assert away.max() <= 1_001
    assert (away > 0).sum() > 50


def test_barriers_are_named_roads_with_named_crossings(place):
    barriers = gpd.read_file(place / "barriers.geojson")
    assert set(barriers["kind"]) == {"arterial", "crossing"}
    assert (barriers["name"].str.len() > 3).all()
    roads = barriers[barriers["kind"] == "arterial"].to_crs(3414)
    bars = barriers[barriers["kind"] == "crossing"].to_crs(3414)
    assert bars.intersects(roads.union_all()).all()


def test_barriers_leave_no_block_alone(place, blocks, zones):
    barriers = gpd.read_file(place / "barriers.geojson")
    lines = barriers[barriers["kind"] == "arterial"].union_all()
    faces = shapely.get_parts(shapely.polygonize([shapely.union(zones.boundary.union_all(), lines)]))
    spots = shapely.points(blocks[["lon", "lat"]].to_numpy())
    _, face = shapely.STRtree(faces).query(spots, predicate="within")
    sizes = pd.Series(face).value_counts()
    assert sizes.min() >= 10
    assert len(sizes) == 8


def test_the_walking_network_is_one_piece(place):
    edges = pd.read_csv(place / "paths.csv", dtype={"u": str, "v": str})
    nodes = pd.read_csv(place / "path_nodes.csv", dtype={"node_id": str})
    graph = nx.from_pandas_edgelist(edges, "u", "v")
    assert nx.is_connected(graph)
    assert set(graph) == set(nodes["node_id"])
    assert edges["length_m"].gt(0).all()


def test_each_present_grid_stays_in_its_subzone(place, blocks):
    present = pd.read_csv(place / "present_synthetic.csv").set_index("unit_id")["grid_id"]
    zone = blocks.set_index("block_id")["subzone_code"]
    assert set(present.index) == set(zone.index)
    assert (present.str[:-3] == zone.reindex(present.index)).all()
    assert present.nunique() == 130


def test_the_roster_is_about_as_large_as_the_plan(place):
    workers = pd.read_csv(place / "workers_synthetic.csv")
    assert workers["role"].isin(["grid_leader", "grid_worker"]).sum() == 128
    assert workers["grid_id"].dropna().is_unique


def test_indicators_hold_two_inconsistencies_and_a_control(place):
    rows = pd.read_csv(place / "indicators.csv").fillna({"denominator": 1})
    off = (rows["numerator"] / rows["denominator"] - rows["stated"]).abs() > 0.005
    assert off.tolist() == [True, True, False]
