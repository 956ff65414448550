"""A newcomer does the whole story from the first steps alone: what they name in quotes is found under that name."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import Hand

STROKE = ("u00", "u10", "u11")
SIZES = [pytest.param({"width": 1366, "height": 768}, id="desk")]
SIZES += [pytest.param({"width": 390, "height": 844, "has_touch": True, "is_mobile": True}, id="phone")]
SAVED = {"zh": "已保存，版本 {n}", "en": "Saved, version {n}"}


class Newcomer:
    """Knows what the step says that is next, and nothing else."""

    def __init__(self, page: Page, lang: str) -> None:
        self.page = page
        self.lang = lang

    @property
    def step(self) -> Locator:
        """The step that is marked as next."""
        return self.page.locator("#coach li[aria-current=step]")

    def named(self) -> list[str]:
        """What the step names in quotes, in its order."""
        return re.findall("“(.+?)”", self.step.inner_text())

    def shown_where(self) -> Locator:
        """Ask where; what is pointed at must be in sight."""
        self.page.locator("#show-where").click()
        pointed = self.page.locator(".pointed")
        expect(pointed).to_be_in_viewport(ratio=0.5)
        return pointed

    def press(self, name: str) -> None:
        """Press the one thing in sight that is called so."""
        found = self.page.locator("button:visible, a:visible", has_text=re.compile(f"^{re.escape(name)}$"))
        expect(found).to_have_count(1)
        found.click()

    def saved(self, version: int) -> None:
        expect(self.page.locator("#state")).to_have_text(SAVED[self.lang].format(n=version), timeout=20_000)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_steps_suffice(open_editor, lang, size):
    page = open_editor(lang=lang, hints=True, **size)
    touch = "has_touch" in size
    newcomer = Newcomer(page, lang)
    page.locator("#who #planner-name").fill("王工")
    newcomer.press("记下姓名" if lang == "zh" else "Keep name")

    if touch:  # the line for fingers comes first
        newcomer.press(re.findall("“(.+?)”", page.locator("#coach .touch").inner_text())[0])
    expect(newcomer.shown_where()).to_have_id("map")
    Hand(page).stroke(*STROKE)
    newcomer.saved(2)

    lock, unlock = newcomer.named()
    expect(newcomer.shown_where()).to_have_text(lock)
    newcomer.press(lock)
    newcomer.saved(3)
    Hand(page).stroke("u00", "u12")
    expect(page.locator("#toasts")).to_contain_text("已锁定" if lang == "zh" else "is locked")
    newcomer.press(unlock)
    newcomer.saved(4)

    undo, redo = newcomer.named()
    newcomer.shown_where()
    for version, name in ((5, undo), (6, redo)):
        page.get_by_role("button", name=name, exact=True).click()
        newcomer.saved(version)

    heading, even = newcomer.named()
    expect(newcomer.shown_where()).to_have_text(even)
    expect(page.get_by_role("heading", name=heading)).to_be_in_viewport()
    newcomer.press(even)
    expect(page.locator("#proposal table")).to_be_visible(timeout=60_000)

    (accept,) = newcomer.named()
    expect(newcomer.shown_where()).to_have_text(accept)
    newcomer.press(accept)
    newcomer.saved(7)

    compare, back = newcomer.named()
    expect(newcomer.shown_where()).to_have_text(compare)
    newcomer.press(compare)
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    expect(page.locator("#headline")).not_to_be_empty()
    newcomer.press(back)
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)

    status, submit = newcomer.named()
    expect(newcomer.shown_where()).to_have_text(status)
    newcomer.press(status)
    page.locator("#step-note").fill("可以审核")
    expect(page.locator("dialog #planner-name")).to_have_value("王工")
    newcomer.press(submit)
    newcomer.saved(8)
    expect(newcomer.step).to_have_count(0)  # nothing is left to do


def test_what_is_not_there_yet_is_told(open_editor):
    page = open_editor(hints=True)
    Hand(page).stroke(*STROKE)
    page.locator("[data-lesson=paint].done").wait_for()
    page.reload()
    page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
    page.locator("#show-where").click()  # no grid is chosen after a reload
    expect(page.locator("#toasts")).to_contain_text("Paint first")
