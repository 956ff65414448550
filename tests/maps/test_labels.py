import pytest
from shapely.geometry import Point, box

from maps.communities import wordings_of
from maps.labels import fitting_text, label_places, short_code


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


@pytest.mark.parametrize(
    ("wide_m", "high_m", "text"),
    [(600, 100, "Chong Boon 018"), (300, 150, "Chong Boon\n018"), (100, 60, "018"), (40, 40, ""), (100, 900, "018")],
)
def test_a_label_stands_inside_its_outline_or_gives_way_to_a_shorter_one(wide_m, high_m, text):
    wordings = wordings_of("Chong Boon 018", "AMSZ05018")
    assert fitting_text(wordings, box(0, 0, wide_m, high_m), wide_m / 2, high_m / 2, letter_m=40) == text


def test_chinese_letters_are_as_wide_as_high():
    assert fitting_text(["城东社区"], box(0, 0, 410, 60), 205, 30, letter_m=100 * 0.4) == "城东社区"
    assert fitting_text(["城东社区"], box(0, 0, 390, 60), 195, 30, letter_m=100) == ""
