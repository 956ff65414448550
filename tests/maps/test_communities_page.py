"""The page of merged and split communities says which take no part."""

import re

import pandas as pd
import pytest

from maps.communities import communities_html


@pytest.mark.parametrize(("lang", "words"), [("zh", "不参加调整"), ("en", "takes no part")])
def test_communities_that_the_band_does_not_apply_to_take_no_part(town, lang, words):
    present = town.study.communities
    drawn = present.assign(
        fate="kept", households=[1200, 1200, 0], residents=0, reason_zh="", reason_en="",
        in_band=pd.array([True, False, None], dtype="boolean"),
    )  # fmt: skip
    same = {"households_before": drawn["households"], "households_after": drawn["households"]}
    changes = pd.DataFrame({"fate": "kept", **same}, index=present.index)
    ids = present.index.astype(str)
    codes = pd.DataFrame({"old_community_id": ids, "new_community_id": ids, "units": 1, "households": 0})
    html = communities_html(town.study.settings, present, drawn, changes, codes, lang=lang)
    rows = re.findall(r"<tr><td>.*?</tr>", html)
    assert [words in row for row in rows] == [False, False, True]
