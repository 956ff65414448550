"""Ways out of the band: each holds when drawn again, and what is called proven is so by brute force."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.model.messages import catalogue
from optimize.partition import draw_grids
from optimize.partition.problem import LoadBand
from optimize.partition.search import search
from optimize.partition.ways import Stuck, ways_out
from optimize.settings import PartitionSettings
from optimize.stopping import Stop
from tests.optimize.partition.towns import HUNDREDS, STUDY_CRS, brute_force, lattice, random_town, study_of

SETTINGS = PartitionSettings(explain=True, work=50_000)


def never():
    return False


def ways(territory, labels):
    return {way.code: way for way in ways_out(Stuck(territory, np.array(labels), 0, 1), never)}


def walled(loads, walls, *, kind="railway", name=None, columns=None, **settings):
    """Return a row of squares with barriers right of the columns `walls`, as one community."""
    count = columns or len(loads)
    study = study_of(lattice(count, len(loads) // count, loads, HUNDREDS), **settings)
    squares = shapely.box(*(study.units[["x", "y"]].to_numpy().T[[0, 1, 0, 1]] + np.array([[-5], [-5], [5], [5]])))
    units = study.units.set_geometry(gpd.GeoSeries(squares, index=study.units.index, crs=STUDY_CRS))
    pairs = study.adjacency[["unit_a", "unit_b"]]
    ends = [pairs[side].map(study.units["x"]).to_numpy() / 10 for side in ("unit_a", "unit_b")]
    cut = np.isin(np.minimum(*ends), walls) & (ends[0] != ends[1])
    tall = 10 * (len(loads) // count)
    lines = [shapely.LineString([(10 * c + 5, -6), (10 * c + 5, tall)]) for c in walls]
    barriers = gpd.GeoDataFrame({"kind": kind, "name": name}, index=range(len(walls)), geometry=lines, crs=STUDY_CRS)
    borders = pairs.assign(length_m=10.0, mapped_m=0.0)
    return replace(study, units=units, adjacency=study.adjacency[~cut], borders=borders, barriers=barriers)


def draw_labels(territory, count):
    return search(territory, count, seed=1, work=50_000, stop=Stop()).labels


def band_of(low, high):
    return LoadBand(low, min(max(200, low), high), high)


def told(study, settings=SETTINGS):
    return draw_grids(study, settings).report


def test_no_way_is_looked_for_unless_it_is_asked():
    study = walled([90, 90, 200, 200, 200, 200], [1])
    reasons = told(study, replace(SETTINGS, explain=False)).grid_reasons.values()
    assert all(reason.ways == () for reason in reasons)


def test_the_pocket_behind_the_railway_is_named_with_what_it_has():
    report = told(walled([90, 90, 200, 200, 200, 200], [1]))
    (reason,) = report.grid_reasons.values()
    assert reason.code == "band-behind"
    assert "The pocket behind the railway has 180, below the lower end 300." in reason.text("en")
    assert "铁路另一侧的一角只有 180，低于下限 300" in reason.text("zh")


def test_one_link_across_a_named_road_mends_grids_and_does_so_when_it_is_there():
    study = walled([180, 200, 200, 260], [0], kind="arterial", name="Jalan Besar")
    before = told(study)
    way = next(w for r in before.grid_reasons.values() for w in r.ways if w.code == "way-link")
    assert (way.facts["unit_a"], way.facts["unit_b"], way.facts["mended"]) == (
        "u0000",
        "u0001",
        len(before.grid_reasons),
    )
    assert "across Jalan Besar, between u0000 and u0001, mends" in way.text("en")
    assert "穿过Jalan Besar、连通单元 u0000 与 u0001" in way.text("zh")
    joined = pd.DataFrame({"unit_a": ["u0000"], "unit_b": ["u0001"], "shared_m": [0.0], "via": ["crossing"]})
    after = told(replace(study, adjacency=pd.concat([study.adjacency, joined], ignore_index=True)))
    assert len(before.grid_reasons) - len(after.grid_reasons) == way.facts["mended"]


def test_one_block_joined_mends_all_the_grids_that_its_load_is_missing_in():
    # west of the road 180, too little; east 1620, too much for three grids of 500; together four of 450
    study = walled([90] * 20, [1], kind="arterial", name="Jalan Besar")
    report = told(study, replace(SETTINGS, grid_count=4))
    assert len(report.grid_reasons) == 4
    assert {w.facts["mended"] for r in report.grid_reasons.values() for w in r.ways if w.code == "way-link"} == {4}


def test_a_link_across_a_wall_inside_one_part_is_found_too():
    # a wall runs between the rows but for the last column: 150 stands over 250, and they can not meet
    loads = [150, 400, 200, 250, 400, 200]
    study = walled(loads, [], columns=3)
    rows = study.adjacency[["unit_a", "unit_b"]]
    across = (rows["unit_a"].str[1:3] != rows["unit_b"].str[1:3]) & (rows["unit_a"].str[3:] != "02")
    wall = gpd.GeoDataFrame({"kind": ["wall"], "name": ["北墙"]}, geometry=[shapely.LineString([(-6, 5), (15, 5)])])
    barriers = wall.set_crs(STUDY_CRS)
    cut = replace(study, adjacency=study.adjacency[~across], barriers=barriers)
    report = told(cut, replace(SETTINGS, grid_count=4))
    assert report.grid_reasons
    link = next(w for r in report.grid_reasons.values() for w in r.ways if w.code == "way-link")
    assert {link.facts["unit_a"], link.facts["unit_b"]} == {"u0000", "u0100"}
    assert link.facts["mended"] == len(report.grid_reasons)
    assert "穿过北墙" in link.text("zh")
    assert told(study, replace(SETTINGS, grid_count=4)).grid_reasons == {}


def test_the_banks_of_a_river_that_no_unit_covers_are_joined_at_their_nearest():
    study = walled([180, 200, 200, 260], [0], kind="river", name="清水河")
    apart = study.units.geometry.to_numpy().copy()
    apart[0] = shapely.box(-5, -5, 2, 5)  # the river runs between 2 and 5
    units = study.units.set_geometry(gpd.GeoSeries(apart, index=study.units.index, crs=STUDY_CRS))
    borders = study.borders[study.borders["unit_a"] != "u0000"]
    report = told(replace(study, units=units, borders=borders))
    way = next(w for r in report.grid_reasons.values() for w in r.ways if w.code == "way-link")
    assert (way.facts["unit_a"], way.facts["unit_b"]) == ("u0000", "u0001")
    assert "穿过清水河" in way.text("zh")
    assert any(r.code == "band-behind" for r in report.grid_reasons.values())


def two_communities(loads, west, **settings):
    """Return a row of squares, the first `west` of them community A and the others B."""
    study = walled(loads, [], **settings)
    community = ["A" if i < west else "B" for i in range(len(loads))]
    units = study.units.assign(community_id=community)
    of = units["community_id"]
    same = study.adjacency["unit_a"].map(of).eq(study.adjacency["unit_b"].map(of))
    shape = {
        "level": "community",
        "name": ["东里", "Jalan Besar"],
        "parent_id": None,
        "settlement": "urban",
        "profile": None,
    }
    areas = gpd.GeoDataFrame(
        shape, index=pd.Index(["A", "B"], name="area_id"), geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=STUDY_CRS
    )
    return replace(study, units=units, adjacency=study.adjacency[same], borders=study.borders[same], areas=areas)


def test_one_block_given_to_the_next_community_mends_grids_and_does_so_when_it_is_given():
    loads = [130, 120, 60, 250, 250]
    study = two_communities(loads, 2)
    before = told(study)
    assert len(before.grid_reasons) == 2
    ways = [w for r in before.grid_reasons.values() for w in r.ways if w.code == "way-community"]
    assert {w.facts["unit"] for w in ways} == {"u0002"}
    assert {w.facts["mended"] for w in ways} == {2}
    assert "Giving u0002 from Jalan Besar to 东里 mends 2 grids" in ways[0].text("en")
    assert "把单元 u0002 由Jalan Besar划给东里" in ways[0].text("zh")
    assert told(two_communities(loads, 3)).grid_reasons == {}
    line = gpd.GeoDataFrame(
        {"kind": ["boundary"], "name": [None]}, geometry=[shapely.LineString([(15, -6), (15, 6)])]
    )
    held = told(replace(study, barriers=line.set_crs(STUDY_CRS)))
    assert not [w for r in held.grid_reasons.values() for w in r.ways if w.code == "way-community"]


def test_no_block_is_given_that_the_other_side_would_lack():
    study = two_communities([100, 100, 200, 150], 2)
    assert not [w for r in told(study).grid_reasons.values() for w in r.ways if w.code == "way-community"]


def test_nothing_is_joined_across_a_fixed_line():
    study = walled([180, 200, 200, 260], [0])
    fixed = study.barriers.assign(kind="boundary")
    codes = {w.code for r in told(replace(study, barriers=fixed)).grid_reasons.values() for w in r.ways}
    assert "way-link" not in codes


def test_a_number_of_grids_that_fits_is_drawn_before_it_is_told():
    territory = lattice(4, 1, [200] * 4, HUNDREDS)
    found = ways(territory, [0, 1, 2, 2])
    assert set(found) == {"way-count"}
    assert found["way-count"].facts["count"] == 2
    assert brute_force(territory, 2).violation == 0


def test_k_needs_a_band_that_holds_and_that_no_narrower_one_replaces():
    territory = lattice(7, 1, [287, 300, 287, 290, 310, 300, 287], LoadBand(300, 400, 500))
    found = ways(territory, range(7))
    lower = found["way-lower"]
    assert (lower.facts["count"], lower.facts["low"], lower.facts["max"]) == (7, 287, 500)
    assert "K = 7 needs 287-500" in lower.text("en")
    assert "划 7 个网格需要 287–500" in lower.text("zh")
    assert "proven smallest" in lower.text("en")


@pytest.mark.parametrize("seed", [1, 4, 6])
def test_every_way_holds_and_what_is_called_proven_is_so_by_brute_force(seed):
    territory = random_town(8, seed, LoadBand(180, 200, 210), most=140)
    count = max(2, round(territory.total_load / 200))
    best = brute_force(territory, count)
    assert best.violation > 0
    labels = draw_labels(territory, count)
    for code, way in ways(territory, labels).items():
        facts = way.facts
        k = int(facts["count"])
        ends = (int(facts.get("low", facts.get("min", 180))), int(facts.get("high", facts.get("max", 210))))
        held = territory if code == "way-count" else replace(territory, band=band_of(*ends))
        assert brute_force(held, k).violation == 0, code
        if "proven" in way.text("en"):
            narrow = (ends[0] + 1, ends[1]) if code == "way-lower" else (ends[0], ends[1] - 1)
            band = band_of(*narrow)
            assert brute_force(replace(territory, band=band), k).violation > 0, code


def test_a_unit_above_the_band_does_not_hide_what_the_others_need():
    territory = lattice(5, 1, [900, 250, 250, 260, 260], LoadBand(300, 400, 500))
    found = ways(territory, [0, 1, 1, 2, 3])
    assert all("but for units above the band by themselves" in way.text("en") for way in found.values())
    assert all("超过上限的单元除外" in way.text("zh") for way in found.values())
    assert all(way.facts.get("high", 0) < 900 for way in found.values())


def test_where_only_a_unit_above_the_band_is_outside_its_own_way_out_is_enough():
    assert ways(lattice(3, 1, [900, 200, 200], HUNDREDS), [0, 1, 1]) == {}
    report = told(study_of(lattice(3, 1, [900, 200, 200], HUNDREDS)))
    (reason,) = report.grid_reasons.values()
    assert reason.code == "band-heavy-unit"
    assert "raise the upper end to 900" in reason.text("en")


def test_every_way_has_words_in_both_languages():
    for code in ("way-count", "way-lower", "way-upper", "way-both", "way-link", "band-behind"):
        assert catalogue()[code].what["zh"] and catalogue()[code].what["en"]
