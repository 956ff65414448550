"""A first study.toml: looks at the files in a folder, guesses which is which, asks what it cannot tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from gis.files.area_tree import known_levels
from gis.files.cells import as_numbers
from gis.files.delimited import read_delimited
from gis.files.feature_collection import read_feature_collection
from gis.files.file_kind import FileKind, kind_of
from gis.files.headers import HeaderMatch, match_headers, plain
from gis.files.input_tables import InputTable, input_tables
from gis.files.layers import layer_names, read_geopackage, read_shapefile
from gis.files.notebook import Notebook
from gis.files.privacy import is_personal_header, looks_personal
from gis.files.source import SourceTable
from gis.files.template import has_template, template_name, write_templates
from gis.files.workbook import sheet_table, sheets_of
from gis.model.errors import FileRefusedError
from gis.model.kinds import Level
from gis.model.messages import Fact, message, render
from gis.model.standards import default_profiles
from gis.model.study import DEDICATED

__all__ = ["Ask", "Draft", "draft_study", "guess_study"]

Ask = Callable[[str, tuple[str, ...]], str]

STUDY = "study.toml"
_SUFFIXES = (".csv", ".gz", ".xlsx", ".geojson", ".json", ".gpkg", ".zip", ".shp")
_HINTS: Mapping[str, tuple[str, ...]] = {
    "areas": ("area", "bound", "社区", "边界", "区划", "行政"),
    "households": ("house", "block", "住户", "户", "人口", "door"),
    "units": ("unit", "单元"),
    "buildings": ("build", "楼", "footprint", "房屋"),
    "barriers": ("barrier", "障碍", "河", "river"),
    "fixed_lines": ("fixed_line", "固定界线", "管理界线"),
    "paths_nodes": ("node", "节点"),
    "paths": ("path", "road", "street", "路"),
    "facilities": ("facilit", "设施", "poi"),
    "workers": ("worker", "staff", "网格员", "人员"),
    "contacts": ("contact", "联系", "值班"),
    "events": ("event", "事件", "工单", "12345"),
    "present": ("present", "现状", "assign"),
    "groupings": ("grouping", "together", "同格", "分组"),
    "work_items": ("item", "事项"),
    "targets": ("target", "目标"),
    "indicators": ("indicator", "指标"),
    "growth": ("growth", "增长"),
}
_CHINA = (73.5, 18.0, 135.1, 53.6)  # where web maps give offset coordinates
_MOST_SERVICES = 12
_LEVEL_NAMES = {
    Level.COMMUNITY: ("社区", "community"),
    Level.SUBDISTRICT: ("街道、乡镇", "subdistrict"),
    Level.COUNTY: ("县、区", "county"),
}
_ID_ENDINGS = ("id", "code", "no", "编号", "编码", "代码", "号", "碼", "編號", "號")
_NAME_POINTS = 5.0
_SURE_LEAD = 1.0  # a lead in points below which a person is asked
_MISSING_OFFERED = ("households", "facilities", "workers", "contacts")


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """One file or layer, read as one of the tables."""

    table: str
    path: Path
    layer: str | None
    source: SourceTable
    theirs: Mapping[str, str]
    points: float
    mapped: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.path.name if self.layer is None else f"{self.path.name} | {self.layer}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of a study file.

    Parameters
    ----------
    text
        The TOML.
    questions
        What a person should be asked, with the choices (the first is the guess).
    missing
        Tables a template may help with.
    """

    text: str
    questions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    missing: tuple[str, ...] = ()


@dataclass
class _Talk:
    """Asks a person, or takes the first choice and remembers that it was not sure."""

    ask: Ask | None
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def choose(self, code: str, choices: tuple[str, ...], **facts: Fact) -> str:
        m = message(code)
        question = f"{render(m.what, facts, 'zh')} {render(m.what, facts, 'en')}"
        self.asked.append((question, choices))
        answer = self.ask(question, choices).strip() if self.ask else choices[0]
        return answer if answer in choices else choices[0]


def draft_study(folder: str | Path, *, ask: Ask | None = None) -> Path:
    """Write a draft ``study.toml`` and templates of what is missing into `folder`; return the study's path.

    Parameters
    ----------
    ask
        Called with a question and its choices (the first is the guess); without it the guesses stand.

    Raises
    ------
    FileRefusedError
        If there is no such folder, or a study.toml stands there already.
    """
    place = Path(folder)
    if not place.is_dir():
        raise FileRefusedError("folder-missing", path=str(folder))
    target = place / STUDY
    if target.exists():
        raise FileRefusedError("study-exists", path=str(target))
    draft = guess_study(place, ask=ask)
    write_templates(place, draft.missing)
    target.write_text(draft.text, encoding="utf-8")
    return target


def guess_study(folder: str | Path, *, ask: Ask | None = None) -> Draft:
    """Return a draft of the study file for the files in `folder`; nothing is written."""
    place, talk = Path(folder), _Talk(ask)
    chosen = _assigned(_candidates(place), talk)
    missing = _missing(chosen)
    profile = talk.choose("ask-profile", tuple(name for name in default_profiles() if name != DEDICATED))
    lines = [f"# {message('draft-head').what['zh']}", f"# {message('draft-head').what['en']}", ""]
    lines += ["[study]", f'id = "{_slug(place.resolve().name)}"', f"name = {_quoted(place.resolve().name)}"]
    lines += [f'profile = "{profile}"', "", "[inputs]"]
    lines += [_input_line(c) for c in chosen.values()]
    if missing:
        names = {"tables_zh": "、".join(input_tables()[m].zh for m in missing), "tables_en": ", ".join(missing)}
        lines += [f"# {render(message('draft-missing').what, names, lang)}" for lang in ("zh", "en")]
        lines += [f'# {m} = "{template_name(m)}"' for m in missing if has_template(m)]
    for table, candidate in chosen.items():
        if candidate.mapped:
            lines += ["", f"[columns.{table}]"]
            lines += [f"{ours} = {_quoted(header)}" for ours, header in candidate.mapped.items()]
    lines += _levels(chosen.get("areas"), talk) + _references(chosen, talk) + _services(chosen.get("facilities"))
    return Draft("\n".join([*lines, ""]), tuple(talk.asked), missing)


def _missing(chosen: Mapping[str, _Candidate]) -> tuple[str, ...]:
    wanted = ("areas", *_MISSING_OFFERED)
    return tuple(t for t in wanted if t not in chosen and not (t == "households" and "units" in chosen))


def _candidates(folder: Path) -> list[_Candidate]:
    """Read every file as every table that it could be."""
    found = []
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if not path.is_file() or path.suffix.lower() not in _SUFFIXES or ".template." in path.name:
            continue
        try:
            kind = kind_of(path)
            layers: Sequence[str | None] = layer_names(path) if kind is FileKind.GPKG else [None]
            for layer in layers:
                read = _once(path, kind, layer)
                found += [c for spec in input_tables().values() for c in _as_table(path, layer, read(spec), spec)]
        except (FileRefusedError, OSError):
            continue
    return found


def _as_table(path: Path, layer: str | None, source: SourceTable, spec: InputTable) -> list[_Candidate]:
    """Return the file as one table, or nothing when it cannot be that."""
    headers = [h for h in (*source.frame.columns, *source.sample.columns) if "\x00" not in h]
    match = match_headers(spec, headers, {}, Notebook(), file=path.name)
    mapped = _id_by_look(source, match, spec)
    theirs = {**match.theirs, **mapped}
    held = set(theirs) | ({"geometry"} if source.geometry is not None else set())
    complete = all(c.name in held for c in spec.columns.values() if c.required)
    complete &= all(any(set(a) <= held for a in need) for need in spec.needs)
    if not complete or not len(source.rows) or not _right_shape(source, spec):
        return []
    own = sum(1 for ours in theirs if ours not in ("x", "y", "name", "kind"))
    named = any(h in (layer or path.stem).lower() for h in _HINTS[spec.name])
    points = 2.0 * own / max(1, len(headers)) + 0.2 * own + _NAME_POINTS * named
    return [_Candidate(spec.name, path, layer, source, theirs, points - len(mapped), mapped)]


def _id_by_look(source: SourceTable, match: HeaderMatch, spec: InputTable) -> dict[str, str]:
    """Return the column that must be the id although its header is not known: distinct codes under such a name."""
    if spec.id is None or spec.id in match.theirs:
        return {}
    for header in match.unused:
        cells = source.sample[header] if header in source.sample else source.frame[header]
        distinct = len(cells) > 0 and cells.notna().all() and cells.is_unique
        personal = is_personal_header(header, spec.name) or looks_personal(cells)
        if plain(header).endswith(_ID_ENDINGS) and distinct and not personal:
            return {spec.id: header}
    return {}


def _once(path: Path, kind: FileKind, layer: str | None) -> Callable[[InputTable], SourceTable]:
    """Open a file once, and return how it reads as any table."""
    book = Notebook()
    if kind in (FileKind.CSV, FileKind.CSV_GZ):
        return lambda spec: read_delimited(path, kind, spec, {}, book)
    if kind is FileKind.XLSX:
        sheets = sheets_of(path)
        return lambda spec: sheet_table(sheets, path, spec, {}, book)
    if kind is FileKind.GEOJSON:
        source = read_feature_collection(path)
    elif kind is FileKind.GPKG:
        source = read_geopackage(path, input_tables()["areas"], {}, book, layer=layer)
    else:
        source = read_shapefile(path, kind)
    return lambda _: source


def _right_shape(source: SourceTable, spec: InputTable) -> bool:
    """Whether most shapes are of a kind that the table takes; households are points, not boundaries."""
    if source.geometry is None:
        return True
    allowed = {"households": {0}, "facilities": {0}}.get(
        spec.name, {{"point": 0, "line": 1, "polygon": 2}[s] for s in spec.shapes}
    )
    dimensions = shapely.get_dimensions(source.geometry)
    return bool(allowed) and float(np.isin(dimensions, sorted(allowed)).mean()) > 0.5


def _assigned(candidates: list[_Candidate], talk: _Talk) -> dict[str, _Candidate]:
    """Give each table the file that fits best, each file used once; ask where two fit alike."""
    chosen: dict[str, _Candidate] = {}
    used: set[str] = set()
    for best in sorted(candidates, key=lambda c: (-c.points, c.label, c.table)):
        if best.table in chosen or best.label in used:
            continue
        rivals = [c for c in candidates if c.table == best.table and c.label not in used and c is not best]
        close = [c for c in rivals if best.points - c.points < _SURE_LEAD and _best_as(c, candidates)]
        taken = best
        if close:
            labels = (best.label, *(c.label for c in close))
            spec = input_tables()[best.table]
            answer = talk.choose("ask-file", labels, table_zh=spec.zh, table_en=spec.en)
            taken = next(c for c in (best, *close) if c.label == answer)
        chosen[best.table] = taken
        used.add(taken.label)
    return {table: chosen[table] for table in input_tables() if table in chosen}


def _best_as(candidate: _Candidate, candidates: list[_Candidate]) -> bool:
    """Whether a file fits no other table better."""
    return all(c.points <= candidate.points for c in candidates if c.label == candidate.label)


def _input_line(candidate: _Candidate) -> str:
    file = _quoted(candidate.path.name)
    value = file if candidate.layer is None else f"{{ file = {file}, layer = {_quoted(candidate.layer)} }}"
    return f"{candidate.table} = {value}"


def _levels(areas: _Candidate | None, talk: _Talk) -> list[str]:
    """Map the levels of the areas where their words are not ours."""
    if areas is None:
        return []
    counts = areas.source.frame[areas.theirs["level"]].dropna().astype(str).value_counts()
    known = known_levels()
    if all(word in known for word in counts.index):
        return []
    lines, left = ["", "[levels]"], sorted(counts.index, key=lambda w: (-int(counts[w]), str(w)))
    for level, (zh, en) in _LEVEL_NAMES.items():
        if left:
            first = [w for w in left if known.get(w) == level]
            choices = (*first, *(w for w in left if w not in first), "–")
            answer = talk.choose("ask-level", choices, level_zh=zh, level_en=en)
            if answer != "–":
                lines.append(f"{level} = {_quoted(answer)}")
                left.remove(answer)
    return lines


def _references(chosen: Mapping[str, _Candidate], talk: _Talk) -> list[str]:
    """Ask which datum longitudes and latitudes in China are in."""
    lines = []
    for table, candidate in chosen.items():
        theirs = candidate.theirs
        if candidate.source.geometry is not None or not {"x", "y"} <= set(theirs):
            continue
        x, y = (as_numbers(candidate.source.frame[theirs[c]]).values for c in ("x", "y"))
        lon, lat = float(np.nanmedian(x)), float(np.nanmedian(y))
        west, south, east, north = _CHINA
        if west <= lon <= east and south <= lat <= north:
            answer = talk.choose("ask-crs", ("WGS84", "GCJ02", "BD09"), file=candidate.path.name)
            if answer != "WGS84":
                lines.append(f'{table} = "{answer}"')
    return ["", "[crs_of]", *lines] if lines else []


def _services(facilities: _Candidate | None) -> list[str]:
    """Offer one service for every kind of facility, to be edited."""
    if facilities is None:
        return []
    kinds = sorted({str(k) for k in facilities.source.frame[facilities.theirs["kind"]].dropna()})
    lines: list[str] = []
    for n, kind in enumerate(kinds[:_MOST_SERVICES], start=1):
        lines += ["", "[[services]]", f'id = "{_service_id(kind, n)}"']
        lines += [f"kind = {_quoted(kind)}", 'demand = "residents"', "max_walk_m = 500", 'level = "10min"']
    return lines


def _service_id(kind: str, number: int) -> str:
    word = re.sub(r"[^a-z0-9]+", "_", kind.lower()).strip("_")
    return f"{word or f'service{number}'}_500"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "study"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
