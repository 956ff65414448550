"""An answer of every route, as OpenAPI shows it; tests hold each to its shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["EXAMPLES"]

_HEAD = {"plan": "county-town-1", "version": 1, "measured_version": 1}
_PLAN = {
    "plan_id": "county-town-1",
    "version": 1,
    "status": "draft",
    "created_at": "2026-03-01T08:00:00.000000+00:00",
}
_STUDY = {
    "study_id": "county-town",
    "name": "县城",
    "loaded_at": "2026-03-01T08:00:00.000000+00:00",
    "plans": [_PLAN],
}
_SCORES = [
    {"measure": "walk_mean_m", "value": 47.2, "unit": "m", "better": "lower", "version": 1},
    {"measure": "grids_in_band_share", "value": 0.985, "unit": "share", "better": "higher", "version": 1},
]
_RATE = {
    "area_id": "610402001001",
    "level": "community",
    "service": "eldercare_500",
    "basis": "residents",
    "total": 4300,
    "covered": 3100,
    "rate_share": 0.7209,
    "target_share": 0.8,
    "shortfall": 340,
}
_SQUARE = [[[108.21, 34.3], [108.211, 34.3], [108.211, 34.301], [108.21, 34.301], [108.21, 34.3]]]


def _collection(feature_id: str, **properties: object) -> dict[str, Any]:
    feature = {
        "type": "Feature",
        "id": feature_id,
        "geometry": {"type": "Polygon", "coordinates": _SQUARE},
        "properties": properties,
    }
    return {"type": "FeatureCollection", **_HEAD, "features": [feature]}


_JOB = {
    "job": "job-7",
    "kind": "rebalance",
    "study": "county-town",
    "plan": "county-town-1",
    "base_version": 4,
    "author": "planner",
    "asked": {"grids": ["610402001001001", "610402001001002"]},
    "state": "running",
    "progress_share": 0.4,
    "stage": "绘制网格",
    "best": {"walk_mean_m": 47.5, "band_violation": 0.0},
    "result": None,
    "problem": None,
    "created_at": "2026-03-01T08:00:00.000000+00:00",
    "started_at": "2026-03-01T08:00:00.100000+00:00",
    "ended_at": None,
}
_COMMENT = {
    "comment": "comment-3",
    "grid_id": "610402001001001",
    "lon": None,
    "lat": None,
    "text": "7号楼的居民从北门出入，宜划入北边的网格。",
    "author": "planner",
    "at": "2026-03-01T08:00:00.000000+00:00",
    "closed_at": None,
    "closed_by": None,
}

EXAMPLES: Mapping[str, Any] = {
    "problem": {
        "type": "urn:wangge:problem:unknown-plan",
        "title": "没有编号为 county-town-9 的方案。",
        "status": 404,
        "detail": "请在方案列表中核对编号。",
        "code": "unknown-plan",
        "facts": {"plan_id": "county-town-9"},
    },
    "health": {"status": "alive"},
    "ready": {"status": "ready"},
    "metrics": 'wangge_requests_total{method="GET",route="/v1/locate",status="200"} 1024.0',
    "studies": {"studies": [_STUDY]},
    "study": {
        **_STUDY,
        "crs": "EPSG:4545",
        "notice_zh": "",
        "notice_en": "",
        "units": 240,
        "households": 7020,
        "residents": 17400,
        "communities": 4,
        "services": [
            {
                "service_id": "eldercare_500",
                "kind": "eldercare",
                "name_zh": "养老服务",
                "name_en": "Elder care",
                "demand": "residents",
                "max_walk_m": 500.0,
                "level": "5min",
            }
        ],
    },
    "plan": {
        **_PLAN,
        "study_id": "county-town",
        "name": "县城",
        "measured_version": 1,
        "plan_digest": "5f1d8c1c0f6f4d1b8a2d8d4ce0a4f3b9d9f0d6f0f2f5a8c1b7e6d5c4b3a29180",
        "notice_zh": "",
        "notice_en": "",
        "units": 240,
        "communities": 4,
        "grids": 18,
        "households": 7020,
        "residents": 17400,
        "grids_out_of_band": 1,
        "vacancies": ["610402001001004"],
        "overloads": {"610402001002001": 35.5},
        "engine": "wangge",
        "rng_seed": 0,
        "stopped_by": "work",
        "walk_basis": "straight",
        "scorecard": _SCORES,
    },
    "grids": _collection(
        "610402001001001", grid_id="610402001001001", community_id="610402001001", kind="general", households=402
    ),
    "units": _collection("B0017", unit_id="B0017", grid_id="610402001001001", households=48, residents=117),
    "facilities": _collection("F012", facility_id="F012", kind="eldercare", name="", status="candidate"),
    "postings": {
        **_HEAD,
        "postings": [
            {
                "worker_id": "W001",
                "grid_id": "610402001001001",
                "role": "grid_leader",
                "hours_h": 1141.0,
                "walk_m": 212.4,
            }
        ],
        "vacancies": ["610402001001004"],
        "overloads": {"610402001002001": 35.5},
    },
    "scorecard": {**_HEAD, "scorecard": _SCORES},
    "history": {
        "plan": "county-town-1",
        "edits": [
            {
                "version": 1,
                "base_version": 0,
                "author": "wangge",
                "author_name": "",
                "at": "2026-03-01T08:00:00.000000+00:00",
                "kind": "draw",
                "payload": {"digest": "5f1d…", "units": 240, "grids_drawn": 18},
                "hash": "0d0c…",
                "prev_hash": "0000…",
            }
        ],
    },
    "locate": {
        "plan": "county-town-1",
        "version": 1,
        "unit_id": "B0017",
        "grid": {"grid_id": "610402001001001", "name": "", "kind": "general"},
        "community": {"area_id": "610402001001", "name": "惠民社区"},
        "subdistrict": {"area_id": "610402001", "name": "城关镇"},
        "county": None,
        "responsible": [
            {"worker_id": "W001", "role": "grid_leader", "display_name": "网格长 001", "duty_phone": "0000-0001"}
        ],
    },
    "gaps": {
        **_HEAD,
        "service": "eldercare_500",
        "level": "community",
        "basis": "residents",
        "standard_m": 500.0,
        "notice_zh": "",
        "notice_en": "",
        "areas": [
            {
                "area_id": "610402001001",
                "name": "惠民社区",
                "total": 4300,
                "covered": 3100,
                "uncovered": 1200,
                "rate_share": 0.7209,
                "target_share": 0.8,
                "shortfall": 340,
                "farthest_walk_m": 911.0,
                "beyond_reach": 0,
                "nearest_facility": {"facility_id": "F07", "name": "养老服务站", "walk_m": 512.0},
                "sites": [{"facility_id": "C12", "name": "旧粮站", "newly_covered": 870}],
            }
        ],
    },
    "rates": {**_HEAD, "rates": [_RATE]},
    "job": _JOB,
    "jobs": {"jobs": [_JOB]},
    "job_events": 'event: job\ndata: {"job": "job-7", "state": "running", "progress_share": 0.4}\n\n',
    "comment": _COMMENT,
    "comments": {"plan": "county-town-1", "comments": [_COMMENT]},
}
