"""Reading a study: every file opened, every table checked, all findings at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from gis.files.area_tree import area_table, with_levels
from gis.files.communities import Communities
from gis.files.groupings import groupings_of
from gis.files.household_places import household_table, points_of, tell_oddities
from gis.files.input_tables import input_tables
from gis.files.layer_tables import barrier_table, facility_table, with_shapes
from gis.files.linked_tables import linked_tables, unit_ids
from gis.files.notebook import Notebook, nearest_word
from gis.files.offset_suspicion import tell_offset
from gis.files.path_network import path_table
from gis.files.places import Box, Ground, RawPlaces, default_reference, placed
from gis.files.reference import Reference, reference_of
from gis.files.repair import Shapes
from gis.files.study_file import StudyFile, read_study_file
from gis.files.targets import targets_of
from gis.files.typed_table import TypedTable, digest_of, read_table
from gis.files.unit_places import unit_table
from gis.model.crs import projected_crs_for
from gis.model.errors import InputRefusedError
from gis.model.findings import Findings
from gis.model.inputs import StudyInputs
from gis.model.progress import Progress, silent

__all__ = ["check_inputs", "read_inputs"]

_DEMANDS = ("households", "residents")


def read_inputs(path: Path, *, on_progress: Progress = silent) -> StudyInputs:
    """Read and check everything that a study file names.

    Parameters
    ----------
    path
        The study.toml.
    on_progress
        Told the share of the tables that are read.

    Returns
    -------
    StudyInputs
        Typed tables in one projected CRS, without persons.

    Raises
    ------
    InputRefusedError
        If any finding is an error; it carries all of them.
    """
    book = Notebook()
    inputs = _read(Path(path), book, on_progress)
    findings = book.findings()
    if inputs is None or findings.refused:
        raise InputRefusedError(findings)
    return inputs


def check_inputs(path: Path, *, on_progress: Progress = silent) -> Findings:
    """Read and check like :func:`read_inputs`, and return all findings; never raises for what files hold."""
    book = Notebook()
    _read(Path(path), book, on_progress)
    return book.findings()


@dataclass
class _Desk:
    """What is on the table while a study is read."""

    study: StudyFile
    book: Notebook
    tables: dict[str, TypedTable] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    crs: str = ""
    box: Box | None = None

    def shapes(self, name: str, *, needed: np.ndarray | None = None, far: bool = True) -> Shapes | None:
        """Return the shapes of a table in metres; None where its coordinates are unknown."""
        table = self.tables[name]
        places = RawPlaces.of(table)
        reference = default_reference(table, places, self.references.get(name), self.book)
        if reference is None:
            return None
        return placed(table, places, reference, Ground(self.crs, self.box), self.book, needed=needed, far=far)

    def spatial(self, name: str, *, points: bool = False) -> gpd.GeoDataFrame | None:
        """Return a table with its shapes, index its id; None where it is absent or cannot be placed."""
        if name not in self.tables:
            return None
        shapes = self.shapes(name)
        return (
            None
            if shapes is None
            else with_shapes(self.tables[name], points_of(shapes) if points else shapes, self.crs)
        )


def _read(path: Path, book: Notebook, on_progress: Progress) -> StudyInputs | None:
    study = read_study_file(path, book)
    if study is None:
        return None
    desk = _Desk(study, book, digests={"study": study.digest})
    _read_tables(desk, on_progress)
    areas = _areas(desk)
    _tell_services(desk)
    if areas is None:
        return None
    return _inputs(desk, areas)


def _read_tables(desk: _Desk, on_progress: Progress) -> None:
    """Read every table by itself."""
    study = desk.study
    labels = {visit.key: visit.name_zh for visit in study.settings.visits if visit.key != "ordinary_household"}
    for i, (name, given) in enumerate(study.inputs.items()):
        spec = input_tables()[name].with_groups(labels)
        table = read_table(given, spec, study.columns.get(name, {}), desk.book)
        if table is not None:
            desk.tables[name] = table
        if given.path.is_file():
            desk.digests[name] = digest_of(given.path)
        on_progress((i + 1) / len(study.inputs), table=name)
    for name, value in study.crs_of.items():
        reference = reference_of(value, study.folder, desk.book, table=name)
        if reference is not None:
            desk.references[name] = reference


def _areas(desk: _Desk) -> gpd.GeoDataFrame | None:
    """Place the areas, which decide the study's coordinate system and where everything else must lie."""
    if "areas" not in desk.tables:
        return None
    table, ignored = with_levels(desk.tables["areas"], desk.study.levels, desk.book)
    desk.tables["areas"] = table
    places = RawPlaces.of(table)
    reference = default_reference(table, places, desk.references.get("areas"), desk.book)
    if reference is None:
        return None
    desk.crs = desk.study.crs or _chosen_crs(places, reference, desk.book)
    shapes = placed(table, places, reference, Ground(desk.crs, None), desk.book, needed=~ignored)
    if shapely.is_missing(shapes).all():
        return None
    desk.box = tuple(float(v) for v in shapely.total_bounds(shapes))  # type: ignore[assignment]
    areas = area_table(table, shapes, desk.crs, desk.study.settings.profiles, desk.book)
    return areas if len(areas) else None


def _chosen_crs(places: RawPlaces, reference: Reference, book: Notebook) -> str:
    """Choose the projected CRS from where the areas lie."""
    known = places.centres[places.known]
    middle = np.median(known, axis=0, keepdims=True) if len(known) else np.zeros((1, 2))
    lon, lat = reference.to_lonlat(middle)[0]
    if not (np.isfinite([lon, lat]).all() and abs(lon) <= 180 and abs(lat) <= 90):
        lon, lat = (lat, lon) if np.isfinite([lon, lat]).all() and abs(lat) <= 180 and abs(lon) <= 90 else (0.0, 0.0)
    crs = projected_crs_for(float(lon), float(lat)).to_string()
    book.add("crs-chosen", table="areas", crs=crs)
    return crs


def _inputs(desk: _Desk, areas: gpd.GeoDataFrame) -> StudyInputs:
    """Place every other table, and look each reference up in the table it means."""
    communities = Communities.of(areas)
    buildings = desk.spatial("buildings")
    households = _households(desk, buildings, communities)
    units = _units(desk, communities)
    share = desk.study.settings.ratios.part_time_share
    linked = linked_tables(
        desk.tables,
        areas,
        households,
        units,
        desk.book,
        buildings=buildings,
        points=_place_points(desk),
        part_time_share=share,
    )
    settings = targets_of(desk.study.settings, desk.tables.get("targets"))
    return StudyInputs(
        settings=groupings_of(
            settings, desk.tables.get("groupings"), lambda: unit_ids(households, units, buildings), desk.book
        ),
        crs=desk.crs,
        areas=areas,
        households=households,
        units=units,
        buildings=buildings,
        barriers=barrier_table(desk.spatial("barriers"), desk.spatial("fixed_lines"), desk.crs),
        paths=path_table(desk.tables, desk.spatial, desk.crs, desk.book),
        facilities=facility_table(desk.spatial("facilities", points=True), desk.crs),
        digests=dict(desk.digests),
        findings=desk.book.findings(),
        **linked,
    )


def _place_points(desk: _Desk) -> Mapping[str, Shapes]:
    """Return the places of workers and events, which not every row has."""
    made: dict[str, Shapes] = {}
    for name in ("workers", "events"):
        table = desk.tables.get(name)
        if table is not None and (table.shapes is not None or {"x", "y"} <= set(table.frame.columns)):
            shapes = desk.shapes(name, needed=np.zeros(len(table.frame), dtype=bool))
            if shapes is not None:
                made[name] = points_of(shapes)
    return made


def _households(desk: _Desk, buildings: gpd.GeoDataFrame | None, communities: Communities) -> gpd.GeoDataFrame | None:
    table = desk.tables.get("households")
    if table is None:
        return None
    otherwise = {"building_id", "address"} & set(table.frame.columns) if buildings is not None else set()
    asked = np.full(len(table.frame), not otherwise and _has_place(table), dtype=bool)
    shapes = desk.shapes("households", needed=asked, far=False)
    if shapes is None:
        return None
    _suspect_offset(desk, table, communities)
    made = household_table(table, shapes, communities, desk.book, buildings=buildings, crs=desk.crs)
    _tell_none(desk, made, "households")
    return made


def _suspect_offset(desk: _Desk, table: TypedTable, communities: Communities) -> None:
    places = RawPlaces.of(table)
    reference = default_reference(table, places, desk.references.get("households"), Notebook())
    if reference is not None and len(communities.ids):
        tell_offset(table, places, reference, communities, desk.book, crs=desk.crs)


def _has_place(table: TypedTable) -> bool:
    return table.shapes is not None or {"x", "y"} <= set(table.frame.columns)


def _units(desk: _Desk, communities: Communities) -> gpd.GeoDataFrame | None:
    if "units" not in desk.tables:
        return None
    frame = desk.spatial("units")
    if frame is None:
        return None
    made = unit_table(desk.tables["units"], frame, communities, desk.book)
    tell_oddities(desk.tables["units"], desk.book)
    _tell_none(desk, made, "units")
    return made


def _tell_none(desk: _Desk, made: gpd.GeoDataFrame, name: str) -> None:
    if len(made) and int(made["households"].sum()) == 0:
        table = desk.tables[name]
        desk.book.add("households-none", table=name, file=table.place.file, column=table.theirs.get("households"))


def _tell_services(desk: _Desk) -> None:
    """Tell services whose facilities or whose demand are not there."""
    groups = tuple(visit.key for visit in desk.study.settings.visits if visit.key != "ordinary_household")
    known = (*_DEMANDS, *groups)
    facilities = desk.tables.get("facilities")
    kinds = sorted({str(k) for k in facilities.frame["kind"].dropna()}) if facilities is not None else []
    for service in desk.study.settings.services:
        if service.demand not in known:
            desk.book.add(
                "service-demand-unknown",
                table="study",
                service=service.service_id,
                demand=service.demand,
                known=", ".join(known),
            )
        if facilities is not None and service.kind not in kinds:
            near = nearest_word(service.kind, kinds) or "–"
            desk.book.add(
                "service-without-facility", table="study", service=service.service_id, kind=service.kind, nearest=near
            )
