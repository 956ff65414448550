"""Coordinate systems: lon/lat at the doors, projected metres inside."""

from __future__ import annotations

from functools import cache

from pyproj import CRS, Transformer

from gis.model.errors import SettingError

__all__ = ["LONLAT", "projected_crs_for", "require_metres", "to_lonlat"]

LONLAT = "EPSG:4326"
_CHINA = (73.5, 18.0, 135.1, 53.6)
_SINGAPORE = (103.5, 1.1, 104.2, 1.6)
_GAUSS_3_DEGREE_FIRST = 4534  # EPSG:4534 is CGCS2000 / 3-degree Gauss-Kruger CM 75E (no zone number)
_GAUSS_FIRST_MERIDIAN = 75


def projected_crs_for(lon: float, lat: float) -> CRS:
    """Choose a projected CRS in metres for a place.

    China gets CGCS2000 in three-degree Gauss-Kruger zones (coordinates east,
    north after ``always_xy``), Singapore SVY21, any other place its UTM zone.
    """
    if _within(lon, lat, _SINGAPORE):
        return CRS.from_epsg(3414)
    if _within(lon, lat, _CHINA):
        zone = round((lon - _GAUSS_FIRST_MERIDIAN) / 3)
        return CRS.from_epsg(_GAUSS_3_DEGREE_FIRST + zone)
    zone = min(60, int((lon + 180) // 6) + 1)
    return CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


def _within(lon: float, lat: float, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]


def require_metres(crs: CRS) -> CRS:
    """Return `crs` if it is projected in metres; raise SettingError otherwise."""
    if not crs.is_projected or any(a.unit_conversion_factor != 1.0 for a in crs.axis_info[:2]):
        raise SettingError(
            "setting-nonsense",
            name="crs",
            value=crs.to_string(),
            allowed="allowed-metric-crs EPSG:4526",
        )
    return crs


@cache
def to_lonlat(crs: str) -> Transformer:
    """Return the transformer from `crs` (x, y) to WGS 84 (lon, lat); made once per CRS."""
    return Transformer.from_crs(CRS.from_user_input(crs), LONLAT, always_xy=True)
