"""The editor's figures: `make bench-editor`, or `python -m benchmarks.editor [--long] [PART ...]`.

Chromium without a graphics card, the service in a process of its own, loopback only. `--long` runs twenty planners
for ten minutes, a hundred kills and twenty rounds of jobs; without it all is a tenth of that. Parts are `browser`
(opening and painting), `editors` (twenty planners, kills) and `jobs`; none named means all. Each section of the page
is written as soon as it is measured.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from benchmarks import cancelling, editors
from benchmarks.border_strokes import Frame, Point, border_strokes
from benchmarks.child import cost_of
from benchmarks.chromium import Strokes, chromium, news_ms, opened, straight_strokes, strokes
from benchmarks.figures import Figure, write_section
from benchmarks.lattice_city import load_city
from benchmarks.service import HOST, PORT, ROOT, WANGGE, percentile, serving

COMMAND = "make bench-editor"
PARTS = ("browser", "editors", "jobs")
BUNDLE = ROOT / "maps" / "editor" / "dist"
OPENINGS, STROKES, NEWS = 3, 15, 10
EDITS, EDIT_STEPS, EDIT_REST_MS = 45, 6, 250  # strokes over a border, events of one, and the rest after it
TOWN = ROOT / "examples" / "ang_mo_kio" / "study.toml"
ZOOM_S = 1.0  # until the map rests again


@dataclass(frozen=True)
class Look:
    """How near the brush is used: steps of the zoom, each twice as near, and pixels between two events."""

    name: str
    steps: int
    reach_px: float


SMALL_CITY = (Look("the whole city", 0, 4.0), Look("a community", 2, 12.0), Look("a grid", 4, 25.0))
LARGE_CITY = (Look("the whole city", 0, 4.0), Look("a community", 3, 12.0), Look("a grid", 5, 25.0))


@dataclass(frozen=True)
class Case:
    """One plan in a database of its own, and what is wanted of it."""

    name: str
    database: str
    plan: str
    paint_s: float
    looks: tuple[Look, ...] = ()


def run(*, long: bool = False, parts: Sequence[str] = PARTS) -> None:
    """Measure the named parts and write the page."""
    write_section("The editor: what is loaded", COMMAND, [bundle()])
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        singapore = at / "singapore"
        study = ROOT / "benchmarks" / "singapore" / "study.toml"
        if {"browser", "editors"} & set(parts):
            cost_of([WANGGE, "plan", str(study), "--out", str(singapore), "--processes", "2"])
        if "browser" in parts:
            for case in cases(at, singapore):
                measure(case)
        if "editors" in parts:
            editors.measure(singapore, seconds=600 if long else 60, kills=100 if long else 10)
        if "jobs" in parts:
            cancelling.measure(TOWN, rounds=20 if long else 4)


def bundle() -> Figure:
    """Return what a browser loads of the editor, compressed."""
    parts = [p for p in BUNDLE.rglob("*") if p.suffix in {".js", ".mjs", ".css", ".html"}]
    size_kb = sum(len(gzip.compress(p.read_bytes(), 9)) for p in parts) / 1000
    return Figure("bundle, gzip, all told", "<= 600 kB", [size_kb], "kB", f"{len(parts)} files")


def cases(folder: Path, singapore: Path) -> list[Case]:
    """Make the plans: the bundled town, two synthetic cities, all of Singapore."""
    urls = {name: f"sqlite:///{folder}/{name}.db" for name in ("town", "five", "singapore", "fifty")}
    cost_of([WANGGE, "load", str(TOWN), "--database", urls["town"]])
    cost_of([WANGGE, "load", str(singapore), "--database", urls["singapore"]])
    five = load_city(folder / "five", urls["five"], communities=10, units=500, grids=13)
    fifty = load_city(folder / "fifty", urls["fifty"], communities=100, units=500, grids=29)
    return [
        Case("397 units, 135 grids (the bundled town)", urls["town"], "ang-mo-kio-1", 1.0),
        Case("5,000 units, 130 grids (synthetic)", urls["five"], five, 3.0, SMALL_CITY),
        Case("10,833 units, 3,072 grids (Singapore)", urls["singapore"], "singapore-1", 3.0),
        Case("50,000 units, 2,900 grids (synthetic)", urls["fifty"], fifty, 6.0, LARGE_CITY),
    ]


def measure(case: Case) -> None:
    """Open a plan several times, paint on it, and write its section."""
    painted_s, heap_mb, process_mb = [], [], []
    figures: list[Figure] = []
    with serving(case.database), chromium() as browser:
        address = f"http://{HOST}:{PORT}/edit/{case.plan}?lang=en"
        for turn in range(OPENINGS):
            with opened(browser, address) as shown:
                painted_s.append(shown.painted_s)
                heap_mb.append(shown.heap_mb)
                process_mb.append(shown.process_mb)
                if turn == OPENINGS - 1:  # the brush wears the borders in sight: others are watched before
                    with opened(browser, address) as other:
                        news = heard(shown.page, other.page, case)
                    figures = brushed(shown.page, case) + news
    figures = [
        Figure("plan on the screen, from the first request", f"<= {case.paint_s:g} s", painted_s, "s"),
        Figure("script heap", "<= 400 MB", heap_mb, "MB"),
        Figure("renderer process, peak", "–", process_mb, "MB", "heap, buffers and code"),
        *figures,
    ]
    write_section(
        f"The editor: {case.name}", COMMAND, figures,
        remark="Chromium without a graphics card (software rendering), 1366 x 768, nothing cached.",
    )  # fmt: skip


def heard(page: Page, other: Page, case: Case) -> list[Figure]:
    """Paint on one page, with all of the plan in sight, and watch another one."""
    told = news_ms(page, other, over_borders(page, case, NEWS, zoom_steps=0))
    return [
        Figure(f"saved here, seen by another planner, {end}", want, [percentile(told, at)], "ms")
        for end, want, at in (("p50", "<= 1000 ms", 0.5), ("p95", "–", 0.95))
    ]


def brushed(page: Page, case: Case) -> list[Figure]:
    """Use the brush from far and from near: far over the map, and then over one border after the other."""
    figures, steps = [], 0
    for look in case.looks:
        for _ in range(look.steps - steps):
            page.locator(".maplibregl-ctrl-zoom-in").click()
            page.wait_for_timeout(ZOOM_S * 1000)
        steps = look.steps
        made = strokes(page, straight_strokes(frame_of(page), STROKES, reach_px=look.reach_px))
        edited = strokes(page, over_borders(page, case, EDITS, zoom_steps=steps), rest_ms=EDIT_REST_MS)
        figures += brush_figures(made, edited, look.name)
    return figures


def over_borders(page: Page, case: Case, count: int, *, zoom_steps: int) -> Iterator[list[Point]]:
    """Yield strokes over one border after the other that the plan, as it stands now, allows."""
    with urllib.request.urlopen(f"http://{HOST}:{PORT}/v1/plans/{case.plan}/editor") as answer:
        document = json.load(answer)
    for ends in border_strokes(document, frame_of(page), count, zoom_steps=zoom_steps):
        yield line(*ends, EDIT_STEPS)


def frame_of(page: Page) -> Frame:
    """Return where the map lies on the page."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


def line(start: Point, end: Point, steps: int) -> list[Point]:
    """Return the places of a pointer on its way."""
    return [
        (start[0] + (end[0] - start[0]) * i / steps, start[1] + (end[1] - start[1]) * i / steps)
        for i in range(steps + 1)
    ]


def brush_figures(far: Strokes, near: Strokes, view: str) -> list[Figure]:
    """Return the figures of one view: of strokes far over the map and over borders; pictures of the former alone."""
    drawn = 100 * percentile(far.drawn_shares, 0.5), 100 * max(far.drawn_shares)
    waits_ms, own_ms = [*far.waits_ms, *near.waits_ms], [*far.own_ms, *near.own_ms]
    seen_ms, acks_ms = [*far.seen_ms, *near.seen_ms], [*far.acks_ms, *near.acks_ms]
    waits, updates = [percentile(waits_ms, 0.95)], f"{len(waits_ms)} updates"
    return [
        Figure(f"{view} in view: numbers after the event, p95", "<= 16 ms", waits, "ms", updates),
        Figure(f"{view}: of that in the page, p95", "–", [percentile(own_ms, 0.95)], "ms"),
        Figure(f"{view}: painted, p95", "–", [percentile(seen_ms, 0.95)], "ms", "the frame is done"),
        Figure(
            f"{view}: edit acknowledged, p95", "<= 100 ms", [percentile(acks_ms, 0.95)], "ms",
            f"{len(acks_ms)} edits",
        ),
        Figure(f"{view}: sent to the graphics card, an update", "–", [far.sent_kb], "kB"),
        Figure(f"{view}: part of the map drawn again, p50", "–", [drawn[0]], "%",
               f"{drawn[1]:.3g} % at most: what changed fills so much of the view"),
        Figure(f"{view}: calls of the map's tiler", "0", [far.worker_calls + near.worker_calls], ""),
    ]  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    named = [word for word in arguments if word != "--long"]
    if unknown := set(named) - set(PARTS):
        raise SystemExit(f"no part {', '.join(sorted(unknown))}: {', '.join(PARTS)}")
    run(long="--long" in arguments, parts=named or PARTS)


if __name__ == "__main__":
    main(sys.argv[1:])
