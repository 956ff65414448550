import re

from gis.files.headers import plain
from gis.files.input_tables import ValueKind, input_tables
from gis.model.schemas import GROUP_COLUMNS

CONTRACT = {
    "areas": "area_id level geometry name parent_id settlement profile region duty_phone",
    "households": "household_id x y households residents building_id compound entrance community_id address geometry",
    "units": "unit_id geometry households residents community_id compound locked",
    "buildings": "building_id geometry households residents compound address",
    "barriers": "geometry kind name",
    "fixed_lines": "geometry name",
    "paths": "geometry u v length_m kind one_way name",
    "facilities": "facility_id kind x y geometry name status tier capacity_residents floor_area_m2 tenure cost "
    "funding",
    "workers": "worker_id role contract fte skills languages qualification grid_id community_id x y",
    "contacts": "worker_id display_name duty_phone public",
    "events": "event_id x y address kind at minutes",
    "present": "unit_id household_id grid_id worker_id",
    "groupings": "group rule unit_id",
    "work_items": "item_id owner name legal_basis hours times_per_year per status staff_hours budget",
    "targets": "kind operator value settlement region year per",
    "indicators": "name stated numerator denominator area_id year",
    "growth": "area_id unit_id year households_change",
}
REQUIRED = {
    "areas": {"area_id", "level"},
    "households": {"household_id"},
    "units": {"unit_id", "households"},
    "buildings": {"building_id"},
    "barriers": {"kind"},
    "facilities": {"facility_id", "kind"},
    "workers": {"worker_id"},
    "events": {"event_id"},
    "present": {"grid_id"},
    "groupings": {"group", "rule", "unit_id"},
    "work_items": {"item_id", "owner"},
    "targets": {"kind", "operator", "value"},
    "indicators": {"name", "stated"},
    "growth": {"year", "households_change"},
}


def test_every_column_of_the_contract_is_described():
    for table, columns in CONTRACT.items():
        assert set(columns.split()) <= set(input_tables()[table].columns), table


def test_what_the_contract_prints_bold_is_required():
    for table, columns in REQUIRED.items():
        spec = input_tables()[table]
        assert {c.name for c in spec.columns.values() if c.required} == columns, table


def test_no_header_means_two_columns_of_one_table():
    for table, spec in input_tables().items():
        words: dict[str, str] = {}
        for column in spec.columns.values():
            for word in {plain(w) for w in (column.name, *column.also)}:
                assert words.setdefault(word, column.name) == column.name, (table, word)


def test_every_column_has_a_chinese_label_that_is_recognised():
    for spec in input_tables().values():
        for column in spec.columns.values():
            assert re.search(r"[\u4e00-\u9fff]", column.zh), column
            assert column.zh in column.also
            assert (column.kind is ValueKind.CHOICE) >= bool(column.choices)


def test_group_counts_belong_to_households_and_units_alone():
    taking = {name for name, spec in input_tables().items() if set(GROUP_COLUMNS) <= set(spec.columns)}
    assert taking == {"households", "units"}
