from __future__ import annotations

import pandas as pd
import shapely

from gis.space import build_study
from tests.towns import household_table, town

SQUARE = {"A": shapely.box(0, 0, 200, 100)}


def present(name: str, rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"grid_id": list(rows.values())}, index=pd.Index(list(rows), name=name, dtype="str"))


def homes():
    table = household_table({"h1": (50.0, 50.0, 1), "h2": (50.0, 50.0, 3), "h3": (150.0, 50.0, 2)})
    table["building_id"] = pd.array(["b1", "b1", None], dtype="str")
    return table


def test_the_grid_with_most_households_counts_and_torn_units_are_told():
    rows = present("household_id", {"h1": "G1", "h2": "G2", "h3": "G1"})
    study = build_study(town(communities=SQUARE, households=homes(), present=rows))
    assert study.present is not None
    assert study.present.to_dict() == {"b1": "G2", "h3": "G1"}
    assert [f.code for f in study.findings.items] == ["present-torn"]


def test_units_are_taken_as_named_and_unknown_ids_told():
    rows = present("unit_id", {"b1": "G1", "gone": "G9"})
    study = build_study(town(communities=SQUARE, households=homes(), present=rows))
    assert study.present is not None
    assert study.present.to_dict() == {"b1": "G1"}
    assert [f.code for f in study.findings.items] == ["present-unknown"]
