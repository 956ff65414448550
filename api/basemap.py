"""What lies under the editor's map where the service names a source: its address, its credit, the host asked."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

__all__ = ["Basemap"]


@dataclass(frozen=True, slots=True)
class Basemap:
    """Tiles by an address with ``{z}``, ``{x}`` and ``{y}``, or one PMTiles file; an empty address is none."""

    address: str = ""
    credit: str = ""

    @property
    def origin(self) -> str:
        """The host that a browser asks for tiles; empty where that is the service itself, or nobody."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    def into(self, page: str) -> str:
        """Return a page that tells its scripts of the base map."""
        if not self.address:
            return page
        facts = (("basemap", self.address), ("basemap-credit", self.credit))
        told = "".join(f'<meta name="{name}" content="{escape(text)}" />' for name, text in facts)
        return page.replace("</head>", f"{told}</head>", 1)
