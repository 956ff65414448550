"""The communities as merged and split: what became of each, its size, and the new areas table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from gis.measures.outlines import grid_outlines
from gis.measures.sums import grid_sums
from gis.model.kinds import GridKind, Language, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.plan import Plan
    from gis.model.results import Reason
    from gis.model.standards import Band
    from gis.model.study import StudyArea

__all__ = ["measure_communities", "renewed_areas"]


def measure_communities(
    study: StudyArea, communities: Plan, fates: pd.Series[str], band: Band, reasons: Mapping[str, Reason]
) -> gpd.GeoDataFrame:
    """Measure communities that were merged and split.

    Parameters
    ----------
    study
        The units.
    communities
        Communities as the grids of their subdistricts.
    fates
        community_id -> kept, adjusted, split or new.
    band
        Households of a community, the ends included.
    reasons
        community_id -> why it lies outside the band, where that is known.

    Returns
    -------
    GeoDataFrame
        Index ``community_id``, sorted; subdistrict_id, name, fate, units, households, residents, in_band (missing
        where no band applies: empty, dedicated, or of another profile than the study's), reason_zh, reason_en,
        geometry.
    """
    units = study.units
    sums = grid_sums(units[["households", "residents"]], communities)
    infos = [communities.grids[str(c)] for c in sums.index]
    table = pd.DataFrame(index=sums.index.rename("community_id"))
    table["subdistrict_id"] = pd.array([i.community_id for i in infos], dtype="str")
    table["name"] = pd.array([i.name for i in infos], dtype="str")
    table["fate"] = pd.array(fates.reindex(sums.index).to_numpy(), dtype="str")
    table["units"] = communities.assignment.value_counts().reindex(sums.index).to_numpy()
    table["households"], table["residents"] = sums["households"].to_numpy(), sums["residents"].to_numpy()
    sized = [
        i.kind is GridKind.GENERAL and _own_profile(study, str(c)) for c, i in zip(sums.index, infos, strict=True)
    ]
    inside = table["households"].between(band.minimum, band.maximum).astype("boolean")
    table["in_band"] = inside.where(pd.Series(sized, index=table.index))
    for lang in Language:
        told = [reasons[str(c)].text(lang) if str(c) in reasons else "" for c in sums.index]
        table[f"reason_{lang}"] = pd.array(told, dtype="str")
    outlines = grid_outlines(units, communities)
    return gpd.GeoDataFrame(table, geometry=outlines.reindex(sums.index).to_numpy(), crs=units.crs)


def _own_profile(study: StudyArea, community_id: str) -> bool:
    return study.profile_name_of(community_id) == study.settings.profile


def renewed_areas(study: StudyArea, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas of a study with the new communities in place of the old, fit to be read again.

    A new community takes settlement, profile and region from the old one that most of its households come from.

    Parameters
    ----------
    table
        As :func:`measure_communities` returns it, with a column ``from_id``: that old community.
    """
    areas = study.areas
    above = areas[areas["level"].astype("str") != str(Level.COMMUNITY)]
    old = areas.reindex(table["from_id"])
    made = gpd.GeoDataFrame(
        {
            "level": str(Level.COMMUNITY),
            "name": table["name"].to_numpy(),
            "parent_id": table["subdistrict_id"].to_numpy(),
            **{c: old[c].to_numpy() for c in ("settlement", "profile", "region")},
        },
        index=table.index.rename("area_id"),
        geometry=table.geometry.to_numpy(),
        crs=areas.crs,
    )
    renewed: gpd.GeoDataFrame = pd.concat([above[made.columns], made]).sort_index()
    return renewed
