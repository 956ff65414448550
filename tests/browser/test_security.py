"""What a person writes is text on every page, no script of anybody else runs, and nothing outside is asked."""

from __future__ import annotations

import json
import re
import urllib.request
from dataclasses import replace

import pytest

from gis.model.outcome import Outcome
from gis.model.plan import Plan
from gis.model.results import Coverage
from tests.browser.hand import EAST1, WEST1, Hand
from tests.browser.test_service_pages import edited, ready
from tests.maps.river_town import EAST, WEST, river_town

EVIL = "<img src=x onerror=window.broken=1>${window.broken=1}`</script>"
PAGES = ("/", "/edit/river-town-1", "/gaps/river-town-1", "/compare/river-town-1", "/map/river-town-1")


@pytest.fixture
def shown_town() -> Outcome:
    """River town where everything that has a name has a hostile one, and unit u31 is called so too."""
    outcome = river_town(
        names={WEST: EVIL, EAST: f"{EVIL}2", "f1": EVIL, "f4": EVIL}, study_name=EVIL, grid_names={EAST1: EVIL}
    )
    name = {"u31": EVIL}
    plan = outcome.plan
    assigned = plan.assignment.rename(index=name)
    study = outcome.study
    pairs = study.adjacency.replace(dict.fromkeys(("unit_a", "unit_b"), name))
    units = study.units.rename(index=name).assign(compound=EVIL)
    return replace(
        outcome,
        study=replace(study, units=units, adjacency=pairs),
        plan=Plan.of("river-town", assigned, plan.grids.values()),
        grids=outcome.grids.replace({"heart_unit_id": name}),
        coverage=Coverage(outcome.coverage.table.replace({"unit_id": name}), outcome.coverage.rates),
    )


def test_hostile_names_and_notes_are_text_in_the_editor(open_served, service):
    edited(service, 1, kind="rename", grids=[{"grid_id": WEST1, "name": EVIL[:40]}], author_name=EVIL[:40])
    _said(service, {"text": EVIL, "author": EVIL[:20], "grid_id": WEST1})
    page = open_served("/edit/river-town-1?lang=en")
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    page.locator("#begin").click()
    assert EVIL in page.locator("h1").inner_text()
    hand = Hand(page)
    page.keyboard.press("v")
    hand.click("u32")
    assert EVIL in page.locator(f"tr[data-grid='{EAST1}'] th").inner_text()
    hand.click("u00")
    page.mouse.move(*hand.at("u31"))
    page.wait_for_function(f"document.body.innerText.includes({json.dumps(EVIL)})")
    page.locator("#more summary").click()
    page.locator("[data-act=comments]").click()
    assert EVIL in page.locator("#comments").inner_text()
    page.keyboard.press("Escape")
    page.locator("#more summary").click()
    page.locator("[data-act=history]").click()
    assert EVIL[:40] in page.locator("#versions").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    hand.stroke("u21", "u31")  # refused: the message names both communities and the unit
    assert EVIL in page.locator("#toasts").inner_text()
    assert page.evaluate("window.broken") is None
    assert page.locator("img[src=x]").count() == 0


def test_hostile_names_are_text_on_the_other_pages(open_served, service):
    edited(service, 1, kind="move", moves=[{"unit_id": u, "grid_id": WEST1} for u in ("u12", "u13")])
    waits = {"/gaps/river-town-1": ready, "/compare/river-town-1": ready}
    for path in ("/", "/gaps/river-town-1", "/compare/river-town-1", "/map/river-town-1"):
        page = open_served(f"{path}?lang=en")
        waits.get(path, lambda p: p.wait_for_load_state("networkidle"))(page)
        assert "<img src=x" in page.locator("body").inner_text(), path
        assert page.evaluate("window.broken") is None, path
        assert page.locator("img[src=x]").count() == 0, path


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_no_script_but_its_own(browser, service, path):
    with urllib.request.urlopen(service + path, timeout=60) as answer:
        policy = dict(re.findall(r"([a-z-]+) ([^;]*)", answer.headers["Content-Security-Policy"]))
    assert policy["default-src"].strip() == "'none'"
    scripts = policy["script-src"]
    assert "unsafe" not in scripts and "http" not in scripts and "*" not in scripts
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{service}{path}?lang=en")
    page.evaluate(
        """() => new Promise(done => {
          document.addEventListener("securitypolicyviolation", e => done(window.refused = e.violatedDirective));
          const script = document.createElement("script");
          script.textContent = "window.broken = 1";
          document.body.append(script);
          setTimeout(done, 1000);
        })"""
    )
    assert page.evaluate("[window.broken, window.refused]") == [None, "script-src-elem"]
    context.close()


def _said(service: str, comment: dict[str, str]) -> None:
    address = f"{service}/v1/plans/river-town-1/comments"
    asked = urllib.request.Request(address, json.dumps(comment).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        assert answer.status < 300
