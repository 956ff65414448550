"""A hand on the editor's map of river town."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

__all__ = ["EAST1", "EAST2", "WEST1", "WEST2", "WEST3", "Hand", "saved"]

WEST1, WEST2, WEST3 = "610001001", "610001002", "610001003"
EAST1, EAST2 = "610002001", "610002002"
_PADDING = 24  # pixels round the town when the map opens


class Hand:
    """A hand on the map: it knows where the units of river town lie on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        box = page.locator("#map").bounding_box()
        assert box is not None
        # six columns and five rows (the empty strip is the fifth)
        self.side = min((box["width"] - 2 * _PADDING) / 6, (box["height"] - 2 * _PADDING) / 5)
        self.west = box["x"] + box["width"] / 2 - 3 * self.side
        self.south = box["y"] + box["height"] / 2 + 2.5 * self.side

    def at(self, unit: str) -> tuple[float, float]:
        """Return the middle of a unit, as pixels of the page."""
        return self.west + (int(unit[1]) + 0.5) * self.side, self.south - (int(unit[2]) + 0.5) * self.side

    def pull(self, *units: str) -> None:
        """Press on the first unit and pull over the others, without letting go."""
        self.page.mouse.move(*self.at(units[0]))
        self.page.mouse.down()
        for unit in units[1:]:
            self.page.mouse.move(*self.at(unit), steps=4)

    def stroke(self, *units: str) -> None:
        """Pull over units and let go."""
        self.pull(*units)
        self.page.mouse.up()

    def click(self, unit: str, **options: object) -> None:
        """Click a unit."""
        self.page.mouse.click(*self.at(unit), **options)

    def number(self, grid: str, name: str) -> Locator:
        """Return a number of a grid, as the panel shows it."""
        return self.page.locator(f"tr[data-grid='{grid}'] td[data-number={name}]")


def saved(page: Page, version: int) -> None:
    """Wait until a version is saved."""
    expect(page.locator("#state")).to_have_text(f"Saved, version {version}", timeout=20_000)
