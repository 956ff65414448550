"""`wangge.draw` on tables that are odd or wrong: every unit gets a grid, or the table is refused in words."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

import wangge
from gis.model.errors import SettingError

CRS = "EPSG:3414"


def points(*xy, **columns):
    return gpd.GeoDataFrame({"households": [200] * len(xy)} | columns, geometry=shapely.points(xy), crs=CRS)


def squares(loads, **columns):
    shapes = [shapely.box(10 * x, 0, 10 * x + 10, 10) for x in range(len(loads))]
    return gpd.GeoDataFrame({"households": loads} | columns, geometry=shapes, crs=CRS)


def test_units_at_one_place_share_its_grid():
    drawn = wangge.draw(points((0, 0), (0, 0), (10, 0), (10, 0), (20, 0), (20, 0)))
    assert drawn.notna().all()
    assert [drawn[a] == drawn[a + 1] for a in (0, 2, 4)] == [True] * 3


def test_a_unit_under_another_shares_its_grid():
    table = squares([200, 200, 200])
    table.geometry = [shapely.box(0, 0, 10, 10), shapely.box(2, 2, 5, 5), shapely.box(10, 0, 20, 10)]
    drawn = wangge.draw(table)
    assert drawn[0] == drawn[1]
    assert drawn.notna().all()


def test_units_at_one_place_in_two_communities_are_refused():
    with pytest.raises(SettingError) as refused:
        wangge.draw(points((0, 0), (0, 0), (10, 0), community_id=["A", "B", "A"]))
    assert refused.value.code == "draw-unit-astride"


@pytest.mark.parametrize("load", [np.nan, np.inf, -1, "many"])
def test_a_unit_without_a_count_is_named(load):
    with pytest.raises(SettingError) as refused:
        wangge.draw(squares([100, load, 100]))
    assert (refused.value.code, refused.value.facts["unit_id"]) == ("draw-unit-without", "1")


def test_a_unit_without_a_community_is_named():
    with pytest.raises(SettingError) as refused:
        wangge.draw(squares([100] * 3, community_id=["A", None, "A"]))
    assert (refused.value.code, refused.value.facts["unit_id"]) == ("draw-unit-without", "1")


@pytest.mark.parametrize(
    "shape", [None, shapely.Polygon(), shapely.Point(15, 5), shapely.LineString([(0, 0), (9, 9)])]
)
def test_a_unit_that_is_no_polygon_among_polygons_is_named(shape):
    table = squares([100] * 3)
    table.geometry = [table.geometry[0], shape, table.geometry[2]]
    with pytest.raises(SettingError) as refused:
        wangge.draw(table)
    assert (refused.value.code, refused.value.facts["unit_id"]) == ("draw-unit-nowhere", "1")


def test_an_empty_table_is_refused():
    with pytest.raises(SettingError) as refused:
        wangge.draw(squares([100])[:0])
    assert refused.value.code == "draw-no-units"
