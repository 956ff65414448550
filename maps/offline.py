"""One file that needs no network: every library that folium would fetch is put inside the page."""

from __future__ import annotations

import base64
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from maps.strings import say

if TYPE_CHECKING:
    import folium

__all__ = ["UnknownAssetError", "asset", "inlined", "unused_defaults_dropped"]

_DIST = "assets/dist"
_SCRIPT = re.compile(r'<script[^>]*\ssrc="([^"]+)"[^>]*>\s*</script>')
_STYLE = re.compile(r'<link[^>]*\shref="([^"]+)"[^>]*/?>')
_CSS_URL = re.compile(r"url\(\s*[\"']?(?!data:)([^\"')]+?)[\"']?\s*\)")
_KINDS = {".png": "image/png", ".svg": "image/svg+xml"}
_ALWAYS = {"leaflet", "leaflet_css"}


class UnknownAssetError(LookupError):
    """A page asks for a file that the package does not carry."""

    def __init__(self, url: str) -> None:
        super().__init__(say("error.asset", "en", url=url))
        self.url = url


def asset(name: str) -> Traversable:
    """Return a file of the browser libraries by its name; raises `UnknownAssetError` for one that is not carried."""
    found = files("maps").joinpath(_DIST).joinpath(name)
    if "/.." in f"/{name}" or not found.is_file():
        raise UnknownAssetError(name)
    return found


def unused_defaults_dropped(page: folium.Map) -> folium.Map:
    """Drop the libraries that folium gives every map and ours never use; Leaflet itself stays.

    Parameters
    ----------
    page
        A map just made, without markers: folium's own markers need what is dropped here.
    """
    page.default_js = [pair for pair in page.default_js if pair[0] in _ALWAYS]
    page.default_css = [pair for pair in page.default_css if pair[0] in _ALWAYS]
    return page


def inlined(html: str) -> str:
    """Return the page with every script and style sheet inside it.

    Parameters
    ----------
    html
        A page as folium renders it. Files are found by their name, whatever host they are asked from.

    Raises
    ------
    UnknownAssetError
        If the page asks for a file that the package does not carry, or fetches anything else.
    """
    head, separator, rest = html.partition("</head>")
    head = _SCRIPT.sub(lambda m: f"<script>{_script(m[1])}</script>", head)
    head = _STYLE.sub(lambda m: f"<style>{_style(m[1])}</style>", head)
    made = head + separator + rest
    for left in (*_SCRIPT.finditer(rest), *_STYLE.finditer(rest)):
        raise UnknownAssetError(left[1])
    return made


def _name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


def _script(url: str) -> str:
    return asset(_name(url)).read_text(encoding="utf-8").replace("</script", "<\\/script").partition("//# source")[0]


def _style(url: str) -> str:
    return _CSS_URL.sub(lambda m: f"url({_data_url(m[1])})", asset(_name(url)).read_text(encoding="utf-8"))


def _data_url(path: str) -> str:
    """Return a picture that a style sheet names as a data URL; what is no file stays as it is."""
    name = path.removeprefix("./")
    if name.startswith("#"):
        return name
    kind = _KINDS["." + name.rpartition(".")[2]]
    return f"data:{kind};base64,{base64.b64encode(asset(name).read_bytes()).decode()}"
