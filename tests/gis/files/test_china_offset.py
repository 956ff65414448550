import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.files.china_offset import bd09_of_wgs84, gcj02_of_wgs84, wgs84_of_bd09, wgs84_of_gcj02

METRES_PER_DEGREE = 111_320.0
TOLERANCE_M = 1e-6
lons = st.floats(75.0, 134.0)
lats = st.floats(18.5, 53.0)


def metres_apart(a, b):
    return np.abs(a - b).max() * METRES_PER_DEGREE


@given(st.lists(st.tuples(lons, lats), min_size=1, max_size=20))
def test_there_and_back_again_is_under_a_micrometre(points):
    lonlat = np.array(points)
    assert metres_apart(wgs84_of_gcj02(gcj02_of_wgs84(lonlat)), lonlat) < TOLERANCE_M
    assert metres_apart(wgs84_of_bd09(bd09_of_wgs84(lonlat)), lonlat) < TOLERANCE_M


def test_the_offset_is_that_of_the_published_formula():
    tiananmen = np.array([[116.391, 39.907]])
    assert gcj02_of_wgs84(tiananmen)[0] == pytest.approx([116.39724, 39.90840], abs=2e-5)
    shift_m = np.hypot(*((gcj02_of_wgs84(tiananmen) - tiananmen)[0] * [85_400.0, METRES_PER_DEGREE]))
    assert 400 < shift_m < 650


def test_bd09_lies_a_constant_step_beyond_gcj02():
    point = np.array([[116.391, 39.907]])
    step = bd09_of_wgs84(point) - gcj02_of_wgs84(point)
    assert step[0] == pytest.approx([0.0065, 0.006], abs=5e-4)


def test_places_outside_china_stay():
    singapore = np.array([[103.85, -1.0], [2.35, 48.85]])
    assert (gcj02_of_wgs84(singapore) == singapore).all()
    assert (wgs84_of_gcj02(singapore) == singapore).all()


def test_unknown_places_stay_unknown():
    assert np.isnan(wgs84_of_gcj02(np.array([[np.nan, np.nan], [116.4, 39.9]]))).any(axis=1).tolist() == [True, False]
