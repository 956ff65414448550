import numpy as np
import pandas as pd

from examples.make.gcj02 import from_gcj02, to_gcj02
from examples.make.rosters import duty_contacts, post_now, present_plan, roster
from gis.files.china_offset import gcj02_of_wgs84


def street(count=12):
    return pd.DataFrame(
        {
            "community_id": "C1",
            "households": 100,
            "blk_no": [f"{number}A" for number in range(count, 0, -1)],
            "x_m": 0.0,
            "y_m": 0.0,
        },
        index=[f"B{number:02d}" for number in range(count, 0, -1)],
    )


def test_the_present_plan_cuts_the_street_in_order_of_its_numbers():
    grids = present_plan(street(), households_target=400, order=["blk_no"])
    assert grids.tolist() == ["C1001"] * 4 + ["C1002"] * 4 + ["C1003"] * 4


def test_a_roster_has_one_leader_a_community_and_posts_nobody_twice():
    rng = np.random.default_rng(1)
    made = roster(street(), leads=5, others=2, languages=("zh", "en"), part_time_share=0.5, rng=rng)
    assert made["role"].value_counts()["grid_leader"] == 1
    held = post_now(made, present_plan(street(), households_target=400, order=["blk_no"]))
    assert held.tolist() == ["C1001", "C1002", "C1003", "", "", "", ""]


def test_only_leads_have_a_duty_contact_and_none_looks_real():
    rng = np.random.default_rng(1)
    made = roster(street(), leads=5, others=2, languages=("zh",), part_time_share=0.0, rng=rng)
    contacts = duty_contacts(made)
    assert len(contacts) == 5
    assert contacts["duty_phone"].str.fullmatch(r"0000-0\d{3}").all()


def test_the_offset_datum_agrees_with_the_readers_own():
    lonlat = np.array([[99.98, 35.59], [100.2, 35.3], [118.1, 24.5]])
    assert np.abs(to_gcj02(lonlat) - gcj02_of_wgs84(lonlat)).max() < 1e-9


def test_the_offset_datum_is_undone_to_a_millimetre():
    lonlat = np.array([[99.98, 35.59], [100.2, 35.3]])
    shifted = to_gcj02(lonlat)
    assert (np.abs(shifted - lonlat) > 1e-4).all()
    assert np.abs(from_gcj02(shifted) - lonlat).max() < 1e-8
