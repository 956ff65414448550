"""Reading a study: what comes out is what was meant, whatever the file."""

from __future__ import annotations

import hashlib
import math
import random
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from gis.files import check_inputs, file_kind, read_inputs
from gis.files.china_offset import bd09_of_wgs84, gcj02_of_wgs84
from gis.model.errors import InputRefusedError
from gis.model.kinds import Severity
from tests.gis.files.file_towns import (
    CRS,
    SOUTH,
    SUFFIX,
    WEST,
    make_town,
    spot,
    square,
    write_town,
    zipped_shapefile,
)

EXAMPLES = Path(__file__).parents[3] / "examples"


def codes(findings):
    return {f.code for f in findings.items}


@pytest.mark.parametrize(
    ("name", "communities", "households"),
    [("ang_mo_kio", 12, 52_140), ("kurayoshi", None, 20_838), ("xinghai", None, None)],
)
def test_the_examples_are_read_without_an_error(name, communities, households):
    inputs = read_inputs(EXAMPLES / name / "study.toml")
    rows = inputs.units if inputs.households is None else inputs.households
    assert rows is not None
    assert households is None or int(rows["households"].sum()) == households
    assert communities is None or int((inputs.areas["level"] == "community").sum()) == communities
    assert rows["community_id"].isin(inputs.areas.index).all()
    assert not inputs.findings.refused


@pytest.mark.parametrize("fmt", SUFFIX)
def test_ids_stay_text_in_every_format(fmt, tmp_path):
    ids = ["001234", "632524100001", "12", "A-7", "632501001001000123"]
    town = make_town()
    for row, own in zip(town.rows("households"), ids, strict=True):
        row["household_id"] = own
        row["building_id"] = own
    inputs = read_inputs(write_town(town, tmp_path, "households", fmt))
    assert sorted(inputs.households.index) == sorted(ids)
    assert set(inputs.households["building_id"]) == set(ids)


def test_numbers_of_a_workbook_become_ids_without_a_point(tmp_path):
    town = make_town()
    study = write_town(town, tmp_path, "households", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "households.xlsx")
    column = [c.value for c in book.active[1]].index("household_id") + 1
    for row, (value, look) in enumerate(
        [(632524100001, "General"), (632524100002.0, "General"), (1234, "000000"), (7, "0"), (8, "@")], start=2
    ):
        cell = book.active.cell(row, column, value)
        cell.number_format = look
    book.save(tmp_path / "households.xlsx")
    assert sorted(read_inputs(study).households.index) == ["001234", "632524100001", "632524100002", "7", "8"]


@pytest.mark.parametrize("fmt", SUFFIX)
def test_every_format_gives_the_same_tables(fmt, tmp_path):
    plain = read_inputs(write_town(make_town("facilities"), tmp_path, "households", "csv-utf8")).households
    (tmp_path / "other").mkdir()
    other = read_inputs(write_town(make_town("facilities"), tmp_path / "other", "households", fmt)).households
    assert other.index.equals(plain.index)
    for column in ("households", "residents", "community_id", "compound", "address"):
        assert other[column].tolist() == plain[column].tolist(), column
    assert shapely.distance(plain.geometry.to_numpy(), other.geometry.to_numpy()).max() < 1e-3


def test_rows_in_any_order_give_the_same_tables(tmp_path):
    first = make_town("facilities", "workers")
    second = make_town("facilities", "workers")
    for rows in second.tables.values():
        random.Random(5).shuffle(rows)
    a = read_inputs(write_town(first, tmp_path, "households", "csv-utf8"))
    (tmp_path / "b").mkdir()
    b = read_inputs(write_town(second, tmp_path / "b", "households", "csv-utf8"))
    for name in ("areas", "households", "facilities", "workers"):
        pd.testing.assert_frame_equal(
            pd.DataFrame(getattr(a, name)), pd.DataFrame(getattr(b, name)), check_like=False
        )


def test_what_is_refused_tells_all_findings_at_once(tmp_path):
    town = make_town("facilities")
    town.rows("households")[0]["residents"] = -1
    town.rows("households")[3]["household_id"] = None
    town.rows("facilities")[1]["status"] = "?"
    town.rows("areas")[1]["parent_id"] = "nowhere"
    study = write_town(town, tmp_path, "households", "csv-utf8")
    with pytest.raises(InputRefusedError) as refused:
        read_inputs(study)
    found = refused.value.findings
    assert {"number-negative", "id-empty", "value-unknown", "parent-unknown"} <= codes(found)
    assert codes(found) == codes(check_inputs(study))
    assert found.ordered()[0].severity is Severity.ERROR


def test_a_missing_study_is_a_finding(tmp_path):
    assert codes(check_inputs(tmp_path / "nothing.toml")) == {"input-missing"}


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    study = write_town(make_town(), tmp_path, "households", "csv-utf8")
    text = (
        "某社区住户表,,,,\n"
        "household_id,x,y,residents,address\n"
        f'A,{WEST + 0.002},{SOUTH + 0.002},3,"两行的\n地址"\n'
        "\n"
        f"B,{WEST + 0.002},{SOUTH + 0.002},-3,一行\n"
    )
    (tmp_path / "households.csv").write_text(text, encoding="utf-8")
    (wrong,) = [f for f in check_inputs(study).items if f.code == "number-negative"]
    assert wrong.row == 5  # title, header, A (one row of two lines), an empty row, B


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_other_separators_are_understood(separator, tmp_path):
    study = write_town(make_town(), tmp_path, "households", "csv-utf8")
    path = tmp_path / "households.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", separator), encoding="utf-8")
    assert len(read_inputs(study).households) == 5


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_texts_with_a_mark_are_read(encoding, tmp_path):
    study = write_town(make_town(), tmp_path, "households", "csv-utf8")
    path = tmp_path / "households.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert set(read_inputs(study).households["compound"]) == {"河畔小区"}


def test_full_width_numbers_and_thousands_are_numbers(tmp_path):
    town = make_town()
    town.rows("households")[0]["residents"] = "１，２３４"
    town.rows("households")[1]["residents"] = "1,234"
    inputs = read_inputs(write_town(town, tmp_path, "households", "csv-utf8"))
    assert inputs.households.loc[["001", "002"], "residents"].tolist() == [1234, 1234]


def test_a_workbook_with_titles_merged_cells_and_two_header_rows_is_read(tmp_path):
    study = write_town(make_town(), tmp_path, "households", "xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["河畔社区住户一览表", None, None, None, None],
        ["户号", "小区", "坐标", None, "户数"],
        [None, None, "经度", "纬度", None],
        ["001", "河畔小区", WEST + 0.002, SOUTH + 0.002, 3],
        ["002", None, WEST + 0.002, SOUTH + 0.003, 4],
        ["合计", None, None, None, 7],
    ):
        sheet.append(row)
    for ref in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "B4:B5"):
        sheet.merge_cells(ref)
    book.save(tmp_path / "households.xlsx")
    inputs = read_inputs(study)
    assert inputs.households["households"].to_dict() == {"001": 3, "002": 4}
    assert inputs.households["compound"].tolist() == ["河畔小区", "河畔小区"]
    assert {"merged-cells-filled", "total-row-ignored", "header-below-title"} <= codes(inputs.findings)


def test_a_shapefile_in_gbk_that_does_not_say_so_is_read(tmp_path):
    study = write_town(make_town(), tmp_path, "households", "shp.zip")
    table = gpd.GeoDataFrame(
        {"户号": ["001", "002"], "小区名称": ["河畔小区", "城东花园"], "户数": [3, 4]},
        geometry=[spot(0.2, 0.5), spot(0.4, 0.5)],
        crs="EPSG:4326",
    )
    data = zipped_shapefile(table, "住户", encoding="GB18030", parts="shp shx dbf prj")
    (tmp_path / "households.zip").write_bytes(data)
    inputs = read_inputs(study)
    assert inputs.households["compound"].tolist() == ["河畔小区", "城东花园"]
    assert "encoding-read" in codes(inputs.findings)


def test_a_field_name_cut_inside_a_character_does_not_stop_reading(tmp_path):
    study = write_town(make_town(), tmp_path, "households", "shp.zip")
    path = tmp_path / "households.zip"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "小区名称".encode()[:10]  # three characters and a third of the fourth
    parts["households.dbf"] = parts["households.dbf"].replace(b"compound\x00\x00", name, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    assert set(read_inputs(study).households["compound"]) == {"河畔小区"}


def test_places_in_another_system_end_in_the_study_s(tmp_path):
    town = make_town()
    metres = gpd.GeoSeries([r["geometry"] for r in town.rows("households")], crs=4326).to_crs("EPSG:32647")
    for row, point in zip(town.rows("households"), metres, strict=True):
        row["geometry"] = point
    town.section("crs_of")["households"] = "EPSG:32647"
    inputs = read_inputs(write_town(town, tmp_path, "households", "csv-utf8"))
    there = gpd.GeoSeries([spot(0.5, 0.5)], crs=4326).to_crs(CRS)
    assert inputs.crs == CRS
    assert inputs.households.geometry.iloc[0].distance(there.iloc[0]) < 0.01


@pytest.mark.parametrize(
    ("name", "offset"), [("GCJ02", gcj02_of_wgs84), ("BD09", bd09_of_wgs84), ("gcj-02", gcj02_of_wgs84)]
)
def test_web_map_coordinates_are_brought_back(name, offset, tmp_path):
    town = make_town()
    for row in town.rows("households"):
        lonlat = np.array([[row["geometry"].x, row["geometry"].y]])
        row["geometry"] = shapely.Point(offset(lonlat)[0])
    town.section("crs_of")["households"] = name
    inputs = read_inputs(write_town(town, tmp_path, "households", "csv-utf8"))
    there = gpd.GeoSeries([spot(0.5, 0.5)], crs=4326).to_crs(CRS)
    assert inputs.households.geometry.iloc[0].distance(there.iloc[0]) < 1e-3


def test_a_local_system_is_turned_by_control_points(tmp_path):
    town = make_town()
    turn = math.radians(30)

    def local(point):
        x, y = point.x - 591_000, point.y - 3_939_000
        return (x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn))

    known = gpd.GeoSeries([spot(0.1, 0.1), spot(1.9, 0.2), spot(0.3, 0.9), spot(1.5, 0.8)], crs=4326).to_crs(CRS)
    lines = [f"{local(p)[0]},{local(p)[1]},{p.x},{p.y}" for p in known]
    (tmp_path / "points.csv").write_text("\n".join(["local_x,local_y,x,y", *lines]), encoding="utf-8")
    homes = gpd.GeoSeries([r["geometry"] for r in town.rows("households")], crs=4326).to_crs(CRS)
    for row, point in zip(town.rows("households"), homes, strict=True):
        row["geometry"] = shapely.Point(local(point))
    town.section("crs_of")["households"] = {"control_points": "points.csv", "crs": CRS}
    inputs = read_inputs(write_town(town, tmp_path, "households", "csv-utf8"))
    assert inputs.households.geometry.iloc[0].distance(homes.iloc[0]) < 1e-6


def test_the_system_is_chosen_from_the_data_when_not_given(tmp_path):
    town = make_town()
    del town.section("study")["crs"]
    assert read_inputs(write_town(town, tmp_path, "households", "csv-utf8")).crs == "EPSG:4542"


def test_a_community_may_be_named_instead_of_numbered(tmp_path):
    town = make_town()
    for row, name in zip(town.rows("households"), ["城西", "632501", "城东", "城东", "632502"], strict=True):
        row["community_id"] = name
    inputs = read_inputs(write_town(town, tmp_path, "households", "csv-utf8"))
    assert inputs.households["community_id"].tolist() == ["632501", "632501", "632502", "632502", "632502"]


def test_households_find_their_place_by_building_and_by_address(tmp_path):
    town = make_town("buildings")
    town.rows("households")[0] |= {"geometry": None, "building_id": "B1", "address": None}
    town.rows("households")[1] |= {"geometry": None, "address": "河边路 2号"}
    inputs = read_inputs(write_town(town, tmp_path, "households", "csv-utf8"))
    assert inputs.households["building_id"].tolist() == ["B1", "B2", "B3", "B4", "B5"]
    assert inputs.households.geometry.within(inputs.buildings.union_all()).all()


def test_a_home_just_outside_is_moved_over_the_border(tmp_path):
    town = make_town()
    town.rows("households")[0]["geometry"] = spot(0.5, 1.01)  # about 11 m north of the border
    inputs = read_inputs(write_town(town, tmp_path, "households", "csv-utf8"))
    community = inputs.areas.geometry["632501"]
    assert inputs.households.geometry["001"].within(community)
    assert inputs.households["community_id"]["001"] == "632501"


def test_one_row_a_household_counts_one(tmp_path):
    town = make_town()
    for row in town.rows("households"):
        del row["households"], row["residents"]
    inputs = read_inputs(write_town(town, tmp_path, "households", "csv-utf8"))
    assert inputs.households["households"].tolist() == [1] * 5
    assert "residents" not in inputs.households


def test_unknown_residents_stay_unknown_and_other_counts_are_0(tmp_path):
    town = make_town()
    for n, row in enumerate(town.rows("households")):
        row["low_income"] = None if n == 0 else 2
    town.rows("households")[1]["residents"] = None
    homes = read_inputs(write_town(town, tmp_path, "households", "csv-utf8")).households
    assert homes["residents"].isna().tolist() == [False, True, False, False, False]
    assert homes["low_income"].tolist() == [0, 2, 2, 2, 2]


def test_parents_are_found_by_location(tmp_path):
    town = make_town()
    for row in town.rows("areas")[1:]:
        row["parent_id"] = None
    inputs = read_inputs(write_town(town, tmp_path, "households", "csv-utf8"))
    assert inputs.areas["parent_id"].to_dict()["632501"] == "6325"


def test_a_sliver_is_cut_and_nothing_overlaps_any_more(tmp_path):
    town = make_town()
    west = square(0)
    town.rows("areas")[2]["geometry"] = shapely.box(WEST + 0.00999, SOUTH, WEST + 0.02, SOUTH + 0.01)
    inputs = read_inputs(write_town(town, tmp_path, "areas", "geojson"))
    a, b = inputs.areas.geometry["632501"], inputs.areas.geometry["632502"]
    assert a.intersection(b).area < 1e-6
    assert west.is_valid
    assert "overlap-cut" in codes(inputs.findings)


def test_a_dedicated_ground_inside_a_community_is_taken_out_of_it(tmp_path):
    town = make_town()
    campus = shapely.box(WEST + 0.002, SOUTH + 0.002, WEST + 0.004, SOUTH + 0.004)
    campus_row = {**town.rows("areas")[1], "area_id": "632509", "name": "campus", "profile": "dedicated"}
    town.rows("areas").append({**campus_row, "geometry": campus})
    inputs = read_inputs(write_town(town, tmp_path, "areas", "geojson"))
    around, ground = inputs.areas.geometry["632501"], inputs.areas.geometry["632509"]
    assert around.intersection(ground).area < 1e-6
    assert len(around.interiors) == 1
    (told,) = [f for f in inputs.findings.items if f.code == "dedicated-subtracted"]
    assert told.feature == "632509"
    assert "已从社区 632501 中扣除" in told.what("zh")


def test_a_dedicated_ground_over_all_of_a_community_is_an_overlap(tmp_path):
    town = make_town()
    town.rows("areas").append({**town.rows("areas")[1], "area_id": "632509", "profile": "dedicated"})
    with pytest.raises(InputRefusedError) as refused:
        read_inputs(write_town(town, tmp_path, "areas", "geojson"))
    assert "areas-overlap" in codes(refused.value.findings)


def test_paths_are_made_of_nodes_and_edges(tmp_path):
    inputs = read_inputs(write_town(make_town("paths", "paths_nodes"), tmp_path, "paths", "csv-utf8"))
    assert inputs.paths["length_m"].tolist() == [120.0, 130.0]
    assert inputs.paths[["u", "v"]].to_numpy().tolist() == [["n1", "n2"], ["n2", "n3"]]
    assert inputs.paths.geometry.length.tolist() == pytest.approx([90.6, 90.6], abs=1.0)


def test_digests_are_those_of_the_files(tmp_path):
    study = write_town(make_town(), tmp_path, "households", "csv-utf8")
    data = (tmp_path / "households.csv").read_bytes()
    digests = read_inputs(study).digests
    assert digests["households"] == hashlib.sha256(data).hexdigest()
    assert set(digests) == {"study", "areas", "households"}


def test_progress_is_told_up_to_the_end(tmp_path):
    told = []
    study = write_town(make_town("facilities"), tmp_path, "households", "csv-utf8")
    read_inputs(study, on_progress=lambda share, **facts: told.append((share, facts["table"])))
    assert [share for share, _ in told] == pytest.approx([1 / 3, 2 / 3, 1.0])
    assert [table for _, table in told] == ["areas", "households", "facilities"]


def test_a_geojson_that_holds_a_vrt_opens_nothing(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("household_id\nSECRET\n", encoding="utf-8")
    study = write_town(make_town(), tmp_path, "areas", "geojson")
    (tmp_path / "areas.geojson").write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>",
        encoding="utf-8",
    )
    findings = check_inputs(study)
    assert "file-kind-refused" in codes(findings)
    assert "SECRET" not in "".join(f.what("en") for f in findings.items)


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside.csv", "a/../../b.csv", "C:\\data\\x.csv", "..\\x.csv"])
def test_no_path_leads_out_of_the_folder(path, tmp_path):
    town = make_town()
    town.section("inputs")["facilities"] = path
    assert "file-outside" in codes(check_inputs(write_town(town, tmp_path, "households", "csv-utf8")))


def test_a_zip_bomb_is_refused_by_what_it_says_it_unpacks_to(tmp_path, monkeypatch):
    study = write_town(make_town(), tmp_path, "households", "shp.zip")
    monkeypatch.setattr(file_kind, "MAX_UNPACKED_BYTES", 200_000)
    with zipfile.ZipFile(tmp_path / "households.zip", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.bin", b"\x00" * 1_000_000)
    assert (tmp_path / "households.zip").stat().st_size < 20_000
    assert "file-too-large" in codes(check_inputs(study))


def test_an_old_workbook_is_named_for_what_it_is(tmp_path):
    study = write_town(make_town(), tmp_path, "households", "xlsx")
    (tmp_path / "households.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    (found,) = [f for f in check_inputs(study).items if f.code == "file-kind-refused"]
    assert "xls" in found.what("en")


def test_fixed_lines_come_as_barriers_of_their_own_kind(tmp_path):
    town = make_town()
    town.tables["fixed_lines"] = [
        {"name": "片区界", "geometry": shapely.LineString([spot(0.5, 0.1), spot(0.5, 0.9)])}
    ]
    town.tables["barriers"] = [
        {"kind": "河流", "name": "长河", "geometry": shapely.LineString([spot(0.1, 0.5), spot(0.9, 0.5)])}
    ]
    inputs = read_inputs(write_town(town, tmp_path, "fixed_lines", "gpkg"))
    assert dict(zip(inputs.barriers["name"], inputs.barriers["kind"], strict=True)) == {
        "长河": "river",
        "片区界": "boundary",
    }
    lines = town.tables["fixed_lines"]
    town = make_town()
    town.tables["fixed_lines"] = lines
    alone = tmp_path / "alone"
    alone.mkdir()
    inputs = read_inputs(write_town(town, alone, "fixed_lines", "geojson"))
    assert inputs.barriers["kind"].tolist() == ["boundary"]
