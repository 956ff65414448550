"""The tables of the synthetic county town in the words and formats of a Chinese office."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString

from examples.make.family import CRS
from examples.make.gcj02 import to_gcj02
from examples.make.rosters import duty_contacts, post_now, present_plan, roster
from examples.make.town import BRIDGE_HALF_M, Cuts, bar_across

NOTE = "合成数据，非真实住户或单位 Synthetic data, no real household or office"
CHINESE = {
    "household_id": "门栋编码",
    "building_id": "楼栋编号",
    "entrance": "单元",
    "compound": "小区",
    "address": "地址",
    "community_id": "社区编码",
    "households": "户数",
    "residents": "人口",
    "elder_80_alone": "80岁以上独居",
    "elder_special": "特殊困难老人",
    "child_at_risk": "困境儿童",
    "disabled_severe": "重度残疾",
    "low_income": "低保",
    "extreme_poverty": "特困",
    "floating_household": "流动人口户",
    "business_premises": "九小场所",
}
TARGETS = {"urban": 400, "pastoral": 35}  # households of a present grid
FACILITIES = {
    # kind: how many stand in town, how many in villages
    "home_care_centre": (2, 1),
    "clinic": (3, 2),
    "kindergarten": (3, 0),
    "charity_shop": (1, 0),
}
FACILITY_NAMES = {
    "service_platform": "党群服务中心",
    "home_care_centre": "居家养老服务中心",
    "clinic": "卫生服务站",
    "kindergarten": "幼儿园",
    "charity_shop": "慈善超市",
}
WITHOUT_PLATFORM = "632524100203"  # one village still waits for its service platform
CANDIDATES = 6
EVENT_KINDS = ("噪音扰民", "环境卫生", "邻里纠纷", "供水供暖", "道路破损", "走失求助")
EVENTS = 320
ITEMS = [
    ("A01", "民政局", "老年人能力评估协助", "示例依据一", 0.5, 1, "重点人群", "有效", 60, 12000),
    ("A02", "消防救援大队", "楼道消防巡查", "示例依据二", 2, 12, "网格", "有效", 430, 11000),
    ("A03", "卫生健康局", "健康档案更新", "示例依据三", 0.05, 1, "户", "有效", 360, 7200),
    ("A04", "统计局", "入户抽样调查", "示例依据四", 0.25, 4, "网格", "有效", None, None),
    ("A05", "住建局", "出租房信息登记", "示例依据五", 0.2, 2, "重点人群", "有效", None, None),
    ("A06", "农牧局", "草场禁牧巡查", "示例依据六", 3, 6, "网格", "有效", 250, 9000),
    ("A07", "各部门", "纸质台账重复填报", "无", 3, 12, "网格", "取消", 0, 0),
]


@dataclass(frozen=True)
class Town:
    """The built town: areas, buildings, doors, barriers and paths in EPSG:4542."""

    areas: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    doors: pd.DataFrame
    barriers: gpd.GeoDataFrame
    paths: gpd.GeoDataFrame

    @property
    def homes(self) -> pd.DataFrame:
        """Households a building with its place; index = building id; columns community_id, x_m, y_m."""
        counts = self.doors.groupby("building_id").agg(
            households=("households", "sum"), community_id=("community_id", "first")
        )
        spots = self.buildings.set_index("building_id").geometry.centroid
        return counts.assign(x_m=spots.x, y_m=spots.y).query("households > 0")


def with_addresses(doors: pd.DataFrame, real: pd.Series) -> pd.DataFrame:
    """Give each door an address made of community, compound, house number and entrance."""
    place = doors["community_id"].map(real).fillna("子科滩镇")
    number = doors.groupby(["community_id", "compound"])["building_id"].transform(
        lambda ids: pd.factorize(ids)[0] + 1
    )
    name = doors["compound"].where(doors["compound"] != "", "沿街")
    address = place + name + number.astype(str) + "号楼" + doors["entrance"]
    return doors.assign(address=address)


def fords(ways: np.ndarray, cuts: Cuts) -> list[tuple[str, LineString]]:
    """Let tracks cross rivers and railways outside the town."""
    found = []
    for kind, lines in (("便桥", cuts.rivers), ("道口", cuts.railways)):
        for name, line in lines:
            spots = shapely.get_parts(shapely.intersection(shapely.union_all(ways), line))
            places = sorted(line.project(spot) for spot in spots if spot.geom_type == "Point")
            found += [
                (f"{name}{kind}{number}", bar_across(line, place, half_m=BRIDGE_HALF_M))
                for number, place in enumerate(places, start=1)
            ]
    return found


def household_sheet(town: Town) -> pd.DataFrame:
    """Make one row a door with Chinese headers, all text ids with their leading zeros."""
    return town.doors[list(CHINESE)].rename(columns=CHINESE)


def present_rows(town: Town) -> pd.DataFrame:
    """Give every door its present grid: strips of buildings from west to east inside each community."""
    return _present_doors(town, _present(town))


def _present(town: Town) -> pd.Series:
    homes = town.homes
    homes["strip"] = homes["x_m"].rank(method="first").astype(int).astype(str)
    profile = town.areas.set_index("区划代码")["划分类型"]
    kinds = homes["community_id"].map(profile)
    parts = [
        present_plan(homes[kinds == kind], households_target=size, order=["strip"], id_name="building_id")
        for kind, size in TARGETS.items()
    ]
    return pd.concat(parts)


def _present_doors(town: Town, present: pd.Series) -> pd.DataFrame:
    doors = town.doors[town.doors["building_id"].isin(present.index)]
    grid = doors["building_id"].map(present)
    return pd.DataFrame({"户号": doors["household_id"], "网格编号": grid}).sort_values("户号")


def staff_rows(town: Town, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Synthetic roster of town and villages, and its duty contacts, with Chinese headers."""
    homes, present = town.homes, _present(town)
    pastoral = homes["community_id"].str.slice(6, 9).eq("100") & homes["community_id"].str[9:].str.startswith("2")
    groups = [(homes[~pastoral], 19, 3, 0.1), (homes[pastoral], 12, 1, 0.2)]
    staff = pd.concat(
        [
            roster(places, leads=leads, others=others, languages=("zh", "bo"), part_time_share=share, rng=rng)
            for places, leads, others, share in groups
        ],
        ignore_index=True,
    )
    staff["worker_id"] = [f"{number:04d}" for number in range(1, len(staff) + 1)]
    staff["grid_id"] = post_now(staff, present)
    spots = gpd.GeoSeries(gpd.points_from_xy(staff["x_m"], staff["y_m"]), crs=CRS).to_crs(4326)
    words = {
        "grid_leader": "网格长",
        "grid_worker": "网格员",
        "volunteer": "志愿者",
        "adviser": "指导员",
    }
    rows = pd.DataFrame(
        {
            "人员编号": staff["worker_id"],
            "岗位": staff["role"].map(words),
            "用工方式": staff["contract"].map({"full_time": "全职", "part_time": "兼职", "unpaid": "义务"}),
            "工时比例": staff["fte"],
            "技能": staff["skills"],
            "服务语言": staff["languages"],
            "社区编码": staff["community_id"],
            "网格编号": staff["grid_id"],
            "经度": spots.x.round(6),
            "纬度": spots.y.round(6),
        }
    )
    contacts = duty_contacts(staff.assign(worker_id="W" + staff["worker_id"]))
    contacts["worker_id"] = contacts["worker_id"].str[1:]
    contacts["public"] = contacts["public"].map({"yes": "是", "no": "否"})
    return rows, contacts.set_axis(["人员编号", "公示名称", "值班电话", "可公开"], axis=1)


def facility_rows(town: Town, rng: np.random.Generator) -> pd.DataFrame:
    """Make facilities beside buildings: platforms by community, one closed clinic, candidates for home care."""
    homes = town.homes
    rural = homes["community_id"].str.startswith("6325241002")
    seats = homes[homes["community_id"] != WITHOUT_PLATFORM].groupby("community_id")["households"].idxmax()
    rows = [("service_platform", "existing", place) for place in seats]
    for kind, (in_town, outside) in FACILITIES.items():
        places = [*rng.choice(homes.index[~rural], in_town), *rng.choice(homes.index[rural], outside)]
        rows += [(kind, "existing", place) for place in places]
    rows.append(("clinic", "closed", rng.choice(homes.index[~rural])))
    rows += [("home_care_centre", "candidate", place) for place in rng.choice(homes.index[~rural], CANDIDATES)]
    table = pd.DataFrame(rows, columns=["kind", "status", "building_id"])
    count = len(table)
    area = rng.integers(12, 80, count) * 10
    spots = shapely.points(
        homes.loc[table["building_id"], ["x_m", "y_m"]].to_numpy() + rng.uniform(-9, 9, (count, 2))
    )
    lonlat = gpd.GeoSeries(spots, crs=CRS).to_crs(4490)
    candidate = (table["status"] == "candidate").to_numpy()
    return pd.DataFrame(
        {
            "facility_id": [f"S{number:03d}" for number in range(1, count + 1)],
            "kind": table["kind"],
            "name": [f"合成{FACILITY_NAMES[kind]}{number:02d}" for number, kind in enumerate(table["kind"], start=1)],
            "status": table["status"],
            "tier": np.where(rng.random(count) < 0.3, "complex", "station"),
            "capacity_residents": area * 2,
            "floor_area_m2": area,
            "tenure": np.where(rng.random(count) < 0.6, "public", "rented"),
            "cost": np.where(candidate, area * 2_500, 0),
            "funding": np.where(candidate, "county", ""),
            "lon": lonlat.x.round(7),
            "lat": lonlat.y.round(7),
        }
    )


def event_rows(town: Town, rng: np.random.Generator) -> pd.DataFrame:
    """A year of hotline calls: most with a GCJ-02 place, some with an address, a few with neither."""
    homes = town.homes
    at = rng.choice(homes.index, EVENTS, p=homes["households"] / homes["households"].sum())
    spots = shapely.points(homes.loc[at, ["x_m", "y_m"]].to_numpy() + rng.normal(0, 12, (EVENTS, 2)))
    lonlat = gpd.GeoSeries(spots, crs=CRS).to_crs(4326)
    offset = to_gcj02(np.column_stack([lonlat.x, lonlat.y])).round(6)
    first_door = town.doors.drop_duplicates("building_id").set_index("building_id")["address"]
    how = rng.choice(["place", "address", "nowhere"], EVENTS, p=[0.85, 0.12, 0.03])
    minute = rng.integers(0, 365 * 24 * 60, EVENTS)
    when = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.sort(minute), unit="min")
    placed = how == "place"
    return pd.DataFrame(
        {
            "事件编号": [f"2025{number:05d}" for number in range(1, EVENTS + 1)],
            "经度": np.where(placed, offset[:, 0], np.nan),
            "纬度": np.where(placed, offset[:, 1], np.nan),
            "地址": np.select([how == "address", how == "nowhere"], [first_door[at], "镇区某处"], ""),
            "事件类型": rng.choice(EVENT_KINDS, EVENTS, p=[0.2, 0.25, 0.15, 0.2, 0.15, 0.05]),
            "发生时间": when.strftime("%Y-%m-%d %H:%M"),
            "用时_分钟": rng.integers(10, 150, EVENTS),
        }
    )


def work_item_sheet() -> pd.DataFrame:
    """Work items of invented departments' duties with Chinese headers."""
    headers = ["事项编号", "牵头部门", "事项名称", "法律依据", "每次工时", "每年次数", "计次单位", "状态"]
    return pd.DataFrame(ITEMS, columns=[*headers, "随附工时", "随附经费"])
