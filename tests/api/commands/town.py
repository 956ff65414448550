"""Six squares in a row as a study on disk: numbers that add up in the head."""

from pathlib import Path

STUDY = """
[study]
id = "six-squares"
name = "六格"
notice_en = "Six squares, made up."
notice_zh = "六个方块，虚构。"
crs = "EPSG:4526"

[inputs]
areas = "areas.csv"
units = "units.csv"
facilities = "facilities.csv"
workers = "workers.csv"
contacts = "contacts.csv"

[crs_of]
areas = "EPSG:4526"
units = "EPSG:4526"
facilities = "EPSG:4526"
workers = "EPSG:4526"

[grids]
households_min = 200
households_target = 300
households_max = 400

[[services]]
id = "clinic_150"
kind = "clinic"
demand = "residents"
max_walk_m = 150
level = "5min"

[siting]
service = "clinic_150"
add = 1
"""
EAST, NORTH, SIDE = 38_500_000, 3_900_000, 100


def square(column: int, columns: int = 1) -> str:
    west, south = EAST + SIDE * column, NORTH
    east, north = west + SIDE * columns, south + SIDE
    return f'"POLYGON (({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"'


def write_town(folder: Path) -> Path:
    """Write 100 households and 250 residents a square, one community, a clinic in the west; return the study file."""
    tables = {
        "areas": f"area_id,level,name,geometry\nc1,community,一社区,{square(0, 6)}\n",
        "units": "unit_id,community_id,households,residents,geometry\n"
        + "".join(f"u{i},c1,100,250,{square(i)}\n" for i in range(6)),
        "facilities": "facility_id,kind,name,status,x,y\n"
        f"f1,clinic,West clinic,existing,{EAST + 50},{NORTH + 50}\n"
        f"f2,clinic,East hall,candidate,{EAST + 550},{NORTH + 50}\n",
        "workers": "worker_id,role,fte,x,y\n"
        + "".join(f"w{i},grid_worker,1,{EAST + 300 * i},{NORTH}\n" for i in range(2)),
        "contacts": "worker_id,display_name,duty_phone,public\nw0,王一,0000-0001,yes\nw1,李二,0000-0002,no\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder / "study.toml"
