"""A base map under the editor, only where the service names one: image tiles by address, or one PMTiles file."""

from __future__ import annotations

import gzip
import io
import json
import struct

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from gis.store import Store
from tests.browser.hand import Hand, saved

HOST = "http://tiles.test"
RED = (230, 20, 20)
MOST_ZOOM = 16


def tile() -> bytes:
    """A red tile."""
    file = io.BytesIO()
    Image.new("RGB", (256, 256), RED).save(file, "PNG")
    return file.getvalue()


def varint(number: int) -> bytes:
    """Return a number as PMTiles writes it."""
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def pmtiles() -> bytes:
    """A PMTiles file (version 3) in which every tile of every zoom is red."""
    data, tiles = tile(), (4 ** (MOST_ZOOM + 1) - 1) // 3
    directory = gzip.compress(b"".join(varint(n) for n in (1, 0, tiles, len(data), 1)))
    metadata = gzip.compress(json.dumps({}).encode())
    at_metadata = 127 + len(directory)
    at_data = at_metadata + len(metadata)
    places = (127, len(directory), at_metadata, len(metadata), at_data, 0, at_data, len(data), tiles, 1, 1)
    kinds = (1, 2, 1, 2, 0, MOST_ZOOM)  # clustered; gzip inside, tiles as they are, PNG; zooms
    world = (-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    head = b"PMTiles\x03" + struct.pack("<11Q", *places) + bytes(kinds) + struct.pack("<4i", *world)
    return head + bytes([0]) + struct.pack("<2i", 0, 0) + directory + metadata + data


@pytest.fixture
def editor(browser, tmp_path, shown_town, serve):
    """Open the editor over a base map; return the page and what it asked of the map's host."""
    contexts = []

    def opened(address: str, answer) -> tuple[Page, list[str]]:
        database = f"sqlite:///{tmp_path / 'wangge.db'}"
        store = Store.open(database)
        store.save_outcome(shown_town)
        store.close()
        service = serve(database, basemap=address, basemap_credit="© <b>somebody</b>")
        context = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
        contexts.append(context)
        asked: list[str] = []

        def told(route: Route) -> None:
            asked.append(route.request.url)
            answer(route)

        context.route(f"{HOST}/**", told)
        page = context.new_page()
        page.goto(f"{service}/edit/river-town-1?lang=en")
        page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
        return page, asked

    yield opened
    for context in contexts:
        context.close()


def colour(page: Page, x: float, y: float) -> tuple[int, ...]:
    """The colour of the map at a point of the page."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return shown.getpixel((round(x), round(y)))


def red_beside_the_plan(page: Page) -> bool:
    box = page.locator("#map").bounding_box()
    shown = colour(page, box["x"] + box["width"] - 8, box["y"] + 8)
    return all(abs(a - b) < 8 for a, b in zip(shown, RED, strict=True))


def answer_tile(route: Route) -> None:
    route.fulfill(body=tile(), content_type="image/png", headers={"Access-Control-Allow-Origin": "*"})


def answer_range(route: Route) -> None:
    file = pmtiles()
    first, last = (int(n) for n in route.request.headers["range"].removeprefix("bytes=").split("-"))
    last = min(last, len(file) - 1)
    headers = {"Access-Control-Allow-Origin": "*", "Content-Range": f"bytes {first}-{last}/{len(file)}"}
    route.fulfill(status=206, body=file[first : last + 1], headers=headers)


@pytest.mark.parametrize(
    ("address", "answer"),
    [(HOST + "/{z}/{x}/{y}.png", answer_tile), (HOST + "/town.pmtiles", answer_range)],
    ids=["images", "pmtiles"],
)
def test_the_plan_is_shown_through_over_the_map_that_the_service_names(editor, address, answer):
    page, asked = editor(address, answer)
    expect(page.locator("#credit")).to_have_text("© <b>somebody</b>")
    for _ in range(60):
        if red_beside_the_plan(page):
            break
        page.wait_for_timeout(250)
    assert red_beside_the_plan(page)
    assert asked
    through = colour(page, *Hand(page).at("u01"))
    page.locator("#more summary").click()
    page.locator("#basemap").uncheck()
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    assert not red_beside_the_plan(page)
    plain = colour(page, *Hand(page).at("u01"))
    assert through[1] < plain[1]  # the red made it darker in green
    Hand(page).stroke("u03", "u13")
    saved(page, 2)


def test_where_the_map_does_not_come_the_editor_works_on(editor):
    page, _ = editor(HOST + "/town.pmtiles", lambda route: route.abort())
    expect(page.locator("#toasts")).to_contain_text("The base map does not come")
    Hand(page).stroke("u03", "u13")
    saved(page, 2)
