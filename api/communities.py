"""Communities from the command line: merged and split into a size band, old beside new."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from api.output_folder import refuse_existing, whole_folder
from api.workflow import Effort, Stages, read_study, silent_stages
from gis.files import write_diff, write_layers
from gis.measures import measure_communities, renewed_areas
from gis.model.progress import Cancelled, never
from gis.model.study import StudyArea
from gis.space import subdistrict_neighbours
from maps.communities import write_communities
from maps.strings import say
from optimize.partition import Redrawn, draw_communities

__all__ = ["plan_communities"]

STYLES = {"areas": "areas", "units": "units"}


def plan_communities(
    path: Path,
    out: Path,
    *,
    effort: Effort | None = None,
    force: bool = False,
    lang: str = "zh",
    stages: Stages | None = None,
    cancelled: Cancelled = never,
) -> tuple[Redrawn, gpd.GeoDataFrame]:
    """Merge and split the communities of a study and write them beside the present ones.

    Returns
    -------
    tuple
        What was drawn, and the table of the new communities.
    """
    stages = stages or silent_stages()
    effort = effort or Effort()
    refuse_existing(out, force=force)
    _, study = read_study(path, stages=stages)
    stages.enter("stage-communities")
    band = study.settings.communities.band
    redrawn = draw_communities(
        study,
        band,
        subdistrict_neighbours(study),
        rng_seed=study.settings.grids.rng_seed if effort.rng_seed is None else effort.rng_seed,
        on_progress=stages,
        cancelled=cancelled,
        processes=effort.processes,
    )
    fates = redrawn.changes["fate"]
    table = measure_communities(study, redrawn.drawn.plan, fates, band, redrawn.drawn.report.grid_reasons)
    stages.enter("stage-write")
    with whole_folder(out, force=force) as folder:
        _write(study, redrawn, table, folder, lang)
    return redrawn, table


def _write(study: StudyArea, redrawn: Redrawn, table: gpd.GeoDataFrame, folder: Path, lang: str) -> None:
    """Write layers, workbook and page."""
    names = {"grid_id": "community_id", "old_grid_id": "old_community_id", "new_grid_id": "new_community_id"}
    changes = redrawn.changes.rename_axis("community_id")
    codes = redrawn.codes.rename(columns=names)
    write_layers(_layers(study, redrawn, table, codes), folder / "communities.gpkg", styles=STYLES)
    write_diff(_told(changes, study, table, lang), codes, folder / "communities.xlsx", lang=lang)
    present = study.communities.rename_axis("community_id")
    write_communities(study.settings, present, table, changes, codes, path=folder / "communities.html", lang=lang)


def _layers(
    study: StudyArea, redrawn: Redrawn, table: gpd.GeoDataFrame, codes: pd.DataFrame
) -> Mapping[str, pd.DataFrame]:
    """Return the new areas, fit for ``[inputs] areas``, the new communities, and the units with old and new."""
    most = codes.sort_values(["households", "old_community_id"], ascending=[False, True], kind="stable")
    from_id = most.drop_duplicates("new_community_id").set_index("new_community_id")["old_community_id"]
    areas = renewed_areas(study, table.assign(from_id=from_id.reindex(table.index)))
    units = study.units[["community_id", "households", "geometry"]].rename(
        columns={"community_id": "old_community_id"}
    )
    units.insert(0, "community_id", redrawn.drawn.plan.assignment.reindex(units.index))
    return {
        "areas": areas.reset_index(),
        "communities": table.reset_index(),
        "units": units.reset_index(),
    }


def _told(changes: pd.DataFrame, study: StudyArea, table: gpd.GeoDataFrame, lang: str) -> pd.DataFrame:
    """Return the changes with name, subdistrict, whether inside the band and the reason where not."""
    called = table["name"].reindex(changes.index).fillna(study.areas["name"].reindex(changes.index))
    parent = table["subdistrict_id"].reindex(changes.index).fillna(study.areas["parent_id"].reindex(changes.index))
    told = changes.copy()
    told.insert(0, "name", called)
    told.insert(1, "subdistrict_id", parent)
    told["in_band"] = table["in_band"].reindex(changes.index)
    told["reason"] = table[f"reason_{lang}"].reindex(changes.index)
    aside = changes.index.isin(table.index[table["in_band"].isna()])
    told.loc[aside, "reason"] = say("communities.no_part", lang)
    return told
