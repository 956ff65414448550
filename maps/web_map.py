"""The interactive map: a folium map of a plan, and the one file that shows it without a network."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
from branca.element import Element
from jinja2 import Template

from gis.model.kinds import Language
from gis.model.outcome import Outcome
from maps.escaping import escape, script_json
from maps.layers import Record
from maps.offline import inlined, unused_defaults_dropped
from maps.page_data import page_data
from maps.strings import say

__all__ = ["page_map", "plan_map", "write_map", "write_page"]

ZOOM: dict[str, Any] = {
    "maxZoom": 22,
    "zoomSnap": 0.25,
    "zoomDelta": 0.5,
}  # without tiles Leaflet knows no deepest zoom
PLAN_SCRIPTS = (
    "text", "shapes", "moving", "colours", "symbols", "popups", "layers", "labels",
    "panel", "entries", "search", "start",
)  # fmt: skip


class Verbatim(Element):
    """Text that goes into a page as it is: branca's own Element would run it as a template first."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class PageScripts(folium.MacroElement):
    """The panel and the layers of a page, drawn by the scripts of ``maps/page`` from the page's data."""

    def __init__(self, data: Record, scripts: Sequence[str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PageScripts"
        self.data = script_json(data)
        self.script = "\n".join(_part(f"{name}.js") for name in scripts)

    def render(self, **kwargs: Any) -> str:
        """Put the scripts behind the map's own."""
        root: Any = self.get_root()
        parent: Any = self._parent
        call = f"({parent.get_name()}, {self.data});"
        text = f'(function (map, page) {{ "use strict";\n{self.script}\n}}){call}'
        root.script.add_child(Verbatim(text), name=self.get_name())
        return ""


def plan_map(
    outcome: Outcome, *, lang: Language | str = Language.ZH, services: Sequence[str] | None = None
) -> folium.Map:
    """Draw a plan as an interactive map without a background, in Chinese and English.

    Parameters
    ----------
    outcome
        The plan and what was measured of it, fresh or read from ``plan.gpkg``.
    lang
        Language shown first; a button on the page switches.
    services
        Services whose gaps are drawn; all by default.

    Returns
    -------
    folium.Map
        Further folium layers may be added to it. :func:`write_map` makes the file that needs no network.
    """
    data = page_data(outcome, lang=lang, services=services)
    return page_map(data, PLAN_SCRIPTS, title=say("title", lang, name=outcome.study.settings.name))


def page_map(data: Record, scripts: Sequence[str], *, title: str) -> folium.Map:
    """Return a folium map without a background whose panel and layers some scripts of ``maps/page`` draw."""
    page = folium.Map(tiles=None, zoom_control=False, attributionControl=False, **ZOOM)
    page._id = "plan"  # folium's own ids are random; equal plans make equal pages
    unused_defaults_dropped(page)
    figure: Any = page.get_root()
    figure._id = "page"
    figure.title = escape(title)
    style = f"<style>{_part('page.css')}</style>"  # in the body: after Leaflet's own
    panel = f'<aside id="panel"><noscript>{escape(_both("no_script"))}</noscript></aside>'
    figure.html.add_child(Verbatim(style + panel), name="wangge_panel")
    page.add_child(PageScripts(data, scripts), name="page_scripts")
    return page


def write_map(outcome: Outcome, path: Path, lang: Language | str = Language.ZH) -> None:
    """Write the map as one HTML file that asks nothing of the network."""
    write_page(plan_map(outcome, lang=lang), path)


def write_page(page: folium.Map, path: Path) -> None:
    """Write a folium map as one HTML file, every library inside it."""
    path.write_text(inlined(page.get_root().render()), encoding="utf-8")


def _both(code: str) -> str:
    return " ".join(say(code, one) for one in Language)


def _part(name: str) -> str:
    return files("maps").joinpath("page").joinpath(name).read_text(encoding="utf-8")
