from shapely.geometry import Point

from maps.labels import label_places, short_code


def test_labels_lie_inside_their_grids_with_the_free_metres_around_them(town):
    places = label_places(town.grids)
    for grid_id, row in places.iterrows():
        room = Point(row["x"], row["y"]).buffer(row["radius_m"] * 0.98)
        assert town.grids.geometry.loc[grid_id].contains(room)
    assert places.loc["610001001", "radius_m"] == 50  # a strip 100 m wide


def test_a_short_code_is_the_sequence_in_the_community():
    assert short_code("610001002", "610001") == "002"
    assert short_code("6100011002", "610001") == "1002"
    assert short_code("WEST-17-B", "610001") == "7-B"
