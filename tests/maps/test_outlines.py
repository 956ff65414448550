import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from maps.outlines import DEGREE, corner_of, encode, encode_points, simplified

CRS = "EPSG:4547"


def _decoded(steps, corner):
    xy = np.cumsum(np.asarray(steps).reshape(-1, 2), axis=0)
    return xy / DEGREE + corner


def _wavy(x):
    """A border of 2 000 vertices that wanders by a tenth of a millimetre."""
    y = np.linspace(0, 100, 2_000)
    return np.column_stack([x + 0.0001 * np.sin(y * 50), y])


def test_simplified_neighbours_still_share_their_border():
    border = _wavy(100.0)
    left = Polygon([(0, 0), *border, (0, 100)])
    right = Polygon([(200, 0), (200, 100), *border[::-1]])
    small = simplified(gpd.GeoSeries([left, right], crs=CRS))
    assert shapely.get_num_coordinates(small.to_numpy()).sum() < 400  # of 4 000
    assert shapely.coverage_is_valid(small.to_numpy())
    assert small.iloc[0].intersection(small.iloc[1]).area == 0


def test_detail_is_given_up_until_the_vertices_fit():
    ring = Point(0, 0).buffer(1_000, quad_segs=2_000)
    small = simplified(gpd.GeoSeries([ring], crs=CRS), max_vertices=20)
    assert shapely.get_num_coordinates(small.iloc[0]) <= 20


def test_encoded_outlines_decode_to_a_tenth_of_a_metre(town):
    corner = corner_of(town.grids)
    shapes = encode(town.grids.geometry, corner)
    lonlat = town.grids.geometry.to_crs("EPSG:4326")
    for steps, shape in zip(shapes, lonlat, strict=True):
        got = Polygon(_decoded(steps[0], corner))
        assert got.hausdorff_distance(shape) < 1.5 / DEGREE


def test_rings_are_open_and_holes_and_parts_are_listed():
    holed = box(500_000, 3_400_000, 500_100, 3_400_100).difference(box(500_040, 3_400_040, 500_060, 3_400_060))
    shapes = gpd.GeoSeries([MultiPolygon([holed, box(500_200, 3_400_000, 500_300, 3_400_100)])], crs=CRS)
    rings = encode(shapes, (114.9, 30.7))[0]
    assert [len(ring) for ring in rings] == [8, 8, 8]


def test_lines_and_points_are_encoded_too():
    shapes = gpd.GeoSeries([LineString([(500_000, 3_400_000), (500_050, 3_400_000)])], crs=CRS)
    corner = (113.9, 30.7)
    assert len(encode(shapes, corner)[0][0]) == 4
    points = gpd.GeoSeries([Point(500_000, 3_400_000)], crs=CRS)
    assert encode_points(points, corner)[0] == encode(shapes, corner)[0][0][:2]
