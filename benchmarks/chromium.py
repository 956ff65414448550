"""The editor in Chromium, drawn by software: what a stroke costs, and what is drawn again for it."""

from __future__ import annotations

import contextlib
import itertools
import math
import random
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.border_strokes import Frame, Point

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking"]
SIZE = {"width": 1366, "height": 768}
STEP_S = 1 / 60
READY_S = 120.0
# Counted at the borders of the page: what goes to the graphics card, to the map's worker, to the service.
COUNTERS = """
localStorage.setItem('wangge-hints', 'seen');
const none = () => ({ sent: 0, drawn: [], worker: 0, acks: [], waits: [], own: [], seen: [] });
const count = window.counted = none();
window.countAnew = () => Object.assign(count, none());
const card = WebGL2RenderingContext.prototype;
const bytes = { bufferData: a => a[1]?.byteLength ?? 0,
                bufferSubData: a => (a[4] === undefined ? a[2].byteLength : a[4] * a[2].BYTES_PER_ELEMENT),
                texSubImage2D: a => a.at(-1)?.byteLength ?? 0,
                texImage2D: a => a.at(-1)?.byteLength ?? 0 };
for (const [name, of] of Object.entries(bytes)) {
  const real = card[name];
  card[name] = function (...a) { count.sent += of(a); return real.apply(this, a); };
}
const scissor = card.scissor;
card.scissor = function (x, y, w, h) {
  count.drawn.push(w * h / (this.drawingBufferWidth * this.drawingBufferHeight));
  return scissor.call(this, x, y, w, h);
};
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (...a) { count.worker += 1; return post.apply(this, a); };
const ask = window.fetch;
window.fetch = async (...a) => {
  const began = performance.now(), answer = await ask(...a);
  if (String(a[0]).endsWith('/edits')) count.acks.push(performance.now() - began);
  return answer;
};
"""
WATCH_NUMBERS = """() => {
  if (window.watched) return;
  window.watched = true;
  let begun = null;
  new MutationObserver(() => {
    if (begun === null) return;
    const now = performance.now();
    counted.waits.push(now - begun[0]);
    counted.own.push(now - begun[1]);
    const [made] = begun, { port1, port2 } = new MessageChannel();
    port1.onmessage = () => counted.seen.push(performance.now() - made);
    requestAnimationFrame(() => requestAnimationFrame(() => port2.postMessage(0)));
    begun = null;
  }).observe(document.getElementById('numbers'), { childList: true, subtree: true, characterData: true });
  for (const name of ['pointerdown', 'pointerrawupdate', 'pointermove']) {
    addEventListener(name, (event) => { begun = [event.timeStamp, performance.now()]; }, true);
    addEventListener(name, () => { begun = null; });
  }
}"""
WATCH_SEEN = """() => {
  window.savedAt = {};
  window.numbersAt = [];
  const state = document.getElementById('state');
  const seen = { childList: true, subtree: true, characterData: true };
  const look = () => {
    const version = state.textContent.match(/^Saved, version (\\d+)$/);
    if (version) savedAt[version[1]] ??= Date.now();
  };
  look();
  new MutationObserver(look).observe(state, seen);
  new MutationObserver(() => { numbersAt.push(Date.now()); }).observe(document.getElementById('numbers'), seen);
}"""
PAINTED = """() => new Promise((done) => {
  const look = () => document.getElementById('app')?.dataset.ready === 'yes'
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))) : setTimeout(look, 5);
  look();
})"""


@dataclass(frozen=True)
class Opened:
    """A page as it was opened: when the plan stood on the screen, and what memory it takes."""

    page: Page
    painted_s: float
    heap_mb: float
    process_mb: float


@dataclass(frozen=True)
class Strokes:
    """What strokes of the brush cost."""

    waits_ms: list[float]  # from the pointer's event in the browser to the numbers on the page
    own_ms: list[float]  # of that within the page
    seen_ms: list[float]  # from the pointer's event until the frame after the one with the numbers and the map begins
    acks_ms: list[float]
    sent_kb: float  # to the graphics card, an update
    drawn_shares: list[float]  # of the map, drawn again at an update
    worker_calls: int


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without a graphics card."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("no Chromium here: make system")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def opened(browser: Browser, address: str) -> Iterator[Opened]:
    """Open the editor with nothing cached, and wait until the plan stands on the screen."""
    context = browser.new_context(viewport=SIZE)
    context.add_init_script(COUNTERS)
    before = _renderers()
    page = context.new_page()
    page.set_default_timeout(READY_S * 1000)
    page.goto(address, wait_until="commit")
    painted_ms = page.evaluate(PAINTED)
    try:
        yield Opened(page, painted_ms / 1000, _heap_mb(context, page), _grown_mb(before))
    finally:
        context.close()


def _heap_mb(context: BrowserContext, page: Page) -> float:
    session = context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1e6


def _renderers() -> dict[str, float]:
    """Return the peak memory of every renderer process, by its id."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            if "--type=renderer" in status.with_name("cmdline").read_text(errors="replace"):
                peak = re.search(r"VmHWM:\s+(\d+)", status.read_text())
                found[status.parent.name] = int(peak.group(1)) / 1024 if peak else 0.0
    return found


def _grown_mb(before: dict[str, float]) -> float:
    return max((mb for pid, mb in _renderers().items() if mb > before.get(pid, 0.0)), default=0.0)


def straight_strokes(
    box: Frame, count: int, *, reach_px: float, steps: int = 30, seed: int = 0
) -> Iterator[list[Point]]:
    """Draw straight strokes over the middle of the map, each from another place.

    Parameters
    ----------
    box
        The map on the page: x, y, width, height.
    reach_px
        How far the pointer goes between two events.
    """
    rng = random.Random(seed)
    for _ in range(count):
        x, y = (box[a] + box[b] * rng.uniform(0.3, 0.7) for a, b in (("x", "width"), ("y", "height")))
        heading = rng.uniform(0, 2 * math.pi)
        step_x, step_y = reach_px * math.cos(heading), reach_px * math.sin(heading)
        path = [(x + i * step_x, y + i * step_y) for i in range(steps + 1)]
        yield list(itertools.takewhile(lambda at: _holds(box, at), path))


def _holds(box: Frame, at: Point) -> bool:
    return box["x"] < at[0] < box["x"] + box["width"] and box["y"] < at[1] < box["y"] + box["height"]


def strokes(page: Page, paths: Iterable[Sequence[Point]], *, rest_ms: float = 400) -> Strokes:
    """Pull the brush along paths at sixty events a second.

    Parameters
    ----------
    rest_ms
        How long the planner rests after each.
    """
    page.evaluate(WATCH_NUMBERS)
    page.evaluate("countAnew()")
    for path in paths:
        _pull(page, path, rest_ms=rest_ms)
    page.wait_for_timeout(1000)
    told: dict[str, Any] = page.evaluate("counted")
    if not told["waits"] or not told["acks"]:
        raise RuntimeError("no stroke changed the plan: it must be a fresh one")
    updates = len(told["waits"])
    return Strokes(
        told["waits"],
        told["own"],
        told["seen"],
        told["acks"],
        told["sent"] / 1000 / updates,
        told["drawn"],
        told["worker"],
    )


def _pull(page: Page, path: Sequence[Point], *, rest_ms: float) -> None:
    (x, y), *onwards = path
    page.mouse.move(x, y)
    page.mouse.down()
    for place in onwards:
        page.mouse.move(*place)
        time.sleep(STEP_S)
    page.mouse.up()
    page.wait_for_timeout(rest_ms)
    if page.locator("#state[data-state=broken]").count():  # a grid fell apart: not saved, so taken back
        page.keyboard.press("Control+z")


def news_ms(first: Page, second: Page, paths: Iterable[Sequence[Point]], *, rest_ms: float = 1500) -> list[float]:
    """Paint on one page; return the milliseconds from each edit being saved to the numbers on the other page.

    Both pages stand on this machine and read the same clock.
    """
    for page in (first, second):
        page.evaluate(WATCH_SEEN)
    found: list[float] = []
    for path in paths:
        saved, seen = first.evaluate("Object.keys(savedAt).length"), second.evaluate("numbersAt.length")
        _pull(first, path, rest_ms=rest_ms)
        versions = first.evaluate("Object.values(savedAt)")
        if len(versions) > saved:
            second.wait_for_function("(n) => numbersAt.length > n", arg=seen)
            found.append(second.evaluate("(n) => numbersAt[n]", seen) - versions[-1])
    if not found:
        raise RuntimeError("no stroke changed the plan")
    return found
