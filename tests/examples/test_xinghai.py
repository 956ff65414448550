import geopandas as gpd
import pandas as pd
import pytest
import shapely


@pytest.fixture(scope="module")
def place(root):
    return root / "examples" / "xinghai"


@pytest.fixture(scope="module")
def areas(place):
    return gpd.read_file(place / "boundaries.geojson").to_crs(4542).set_index("名称")


@pytest.fixture(scope="module")
def doors(place):
    table = pd.read_excel(place / "households.xlsx", header=1, dtype=str)
    return table.astype({"户数": int, "人口": int})


@pytest.fixture(scope="module")
def barriers(place):
    return gpd.read_file(place / "town.gpkg", layer="barriers")


@pytest.fixture(scope="module")
def buildings(place):
    return gpd.read_file(place / "town.gpkg", layer="buildings").set_index("building_id")


def test_the_four_communities_carry_their_real_names_and_codes(areas):
    names = ["城北社区", "城南社区", "城东社区", "城西社区"]
    assert areas.loc[names, "区划代码"].tolist() == [f"63252410000{at}" for at in (1, 2, 3, 4)]


def test_the_town_has_homes_for_18_grids_of_about_400(areas, doors):
    town = areas[areas["划分类型"] == "urban"]["区划代码"]
    homes = doors.groupby("社区编码")["户数"].sum().reindex(town)
    assert (homes / 400).round().sum() == 18


def test_pastoral_villages_have_their_own_profile_and_few_homes(areas, doors):
    villages = areas[areas["划分类型"] == "pastoral"]
    homes = doors.groupby("社区编码")["户数"].sum().reindex(villages["区划代码"])
    assert len(villages) == 4
    assert homes.between(60, 240).all()
    assert (villages.area > 1e8).all()


def test_two_communities_have_buildings_and_nobody(areas, doors):
    homes = doors.groupby("社区编码")["户数"].sum()
    assert sorted(homes.index[homes == 0]) == sorted(areas.loc[["县中学（专属）", "城东产业园"], "区划代码"])


def test_communities_share_their_borders_exactly(place):
    areas = gpd.read_file(place / "boundaries.geojson")
    assert shapely.coverage_is_valid(areas[areas["级别"] == "社区"].geometry.to_numpy())


def test_ids_keep_their_leading_zeros(doors, buildings):
    assert doors["楼栋编号"].str.fullmatch(r"0\d{4}").all()
    assert doors["门栋编码"].str.fullmatch(r"0\d{6}").all()
    assert set(doors["楼栋编号"]) == set(buildings.index)


def test_one_building_is_heavier_than_the_band_and_has_entrances(doors):
    homes = doors.groupby("楼栋编号")["户数"].agg(["sum", "count"])
    heavy = homes[homes["sum"] > 500]
    assert heavy.to_numpy().tolist() == [[576, 6]]


def test_barriers_are_rivers_railways_walls_and_crossings(barriers):
    assert set(barriers["kind"]) == {"river", "railway", "wall", "crossing"}


def test_buildings_stand_clear_of_every_barrier(barriers, buildings):
    lines = barriers[barriers["kind"] != "crossing"].union_all()
    assert not buildings.intersects(lines).any()


def test_every_compound_has_a_gate(barriers, doors):
    gates = set(barriers[barriers["kind"] == "crossing"]["name"].str.replace(r"大门\d+$", "", regex=True))
    walled = doors["小区"].dropna()
    assert set(walled[walled.str.endswith("小区")]) <= gates


def test_a_pocket_with_homes_lies_behind_the_railway_without_a_way_across(areas, barriers, buildings):
    railway = barriers[barriers["kind"] == "railway"].geometry.iloc[0]
    east = areas.geometry["城东社区"]
    parts = shapely.get_parts(shapely.difference(east, railway.buffer(0.5)))
    pocket = parts[shapely.area(parts).argmin()]
    inside = buildings[buildings.within(pocket)]
    assert len(parts) == 2
    assert 20 <= inside["households"].sum() < 300
    bars = barriers[(barriers["kind"] == "crossing") & barriers.intersects(railway)]
    assert not bars.intersects(east).any()


def test_bridges_cross_the_river_in_both_communities_it_cuts(areas, barriers):
    river = barriers[barriers["kind"] == "river"].geometry.iloc[0]
    bridges = barriers[(barriers["kind"] == "crossing") & barriers.intersects(river)]
    for name in ("城西社区", "城南社区"):
        assert bridges.intersects(areas.geometry[name]).sum() >= 2


def test_two_tables_come_in_gb18030(place):
    for name in ("workers_gbk.csv", "contacts.csv"):
        raw = (place / name).read_bytes()
        assert "人员编号" in raw.decode("gb18030")
        with pytest.raises(UnicodeDecodeError):
            raw.decode("utf-8")


def test_some_events_have_no_place_and_a_few_no_address_of_a_door(place, doors):
    events = pd.read_csv(place / "events.csv", dtype=str)
    away = events[events["经度"].isna()]
    known = away["地址"].isin(set(doors["地址"]))
    assert known.sum() > 20
    assert 0 < (~known).sum() < 20


def test_the_note_above_the_households_says_synthetic(place):
    note = pd.read_excel(place / "households.xlsx", header=None, nrows=1, dtype=str).iloc[0, 0]
    assert "合成数据" in note
    assert "Synthetic" in note
