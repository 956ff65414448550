from gis.model.four_sides import sides_in

TOLD = "东至清河、Canal Road，南至范围边界，西至铁路，北至城北社区 002"


def test_the_four_sides_stand_in_english_with_names_as_they_are():
    assert sides_in(TOLD, "en") == (
        "east: 清河 and Canal Road; south: edge of the study; west: railway; north: 城北社区 002"
    )


def test_chinese_and_what_is_no_such_text_stay():
    assert sides_in(TOLD, "zh") == TOLD
    assert (sides_in("", "en"), sides_in("beside the mill", "en")) == ("", "beside the mill")
