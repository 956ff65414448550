"""Text in pictures stays text: the reader's browser draws it, with the fonts of the reader's machine.

The machine that makes a picture may have no Chinese font. It then needs none: a Chinese character is as wide as its
size, so that widths are known without one.
"""

from __future__ import annotations

import codecs
import unicodedata
from typing import Any

from matplotlib import cbook
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG

__all__ = ["TextCanvas", "with_readers_fonts"]

MEASURING_FONT = "DejaVu Sans"  # travels with matplotlib
STAND_IN = "W"  # as wide as a Chinese character to a hundredth, and as high
READERS_FONTS = (
    "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', SimHei, "
    "'DejaVu Sans', sans-serif"
)
_INHERITED = "inherited"  # a family that each text is written with, and that is then left to the whole picture


def with_readers_fonts(svg: str) -> str:
    """Name the reader's fonts once, for the whole picture."""
    plain = svg.replace(f" font-family: {_INHERITED!r};", "").replace(f"; font-family: {_INHERITED!r}", "")
    return plain.replace("<svg ", f'<svg style="font-family: {READERS_FONTS}" ', 1)


class TextCanvas(FigureCanvasSVG):
    """A canvas that writes SVG with text as text; ``svg.fonttype`` must be ``none``."""

    def print_svg(
        self, filename: Any, *, bbox_inches_restore: Any = None, metadata: Any = None, **_unused: Any
    ) -> None:
        """Write the figure; called by ``print_figure``."""
        with cbook.open_file_cm(filename, "w", encoding="utf-8") as file:
            out = file if cbook.file_requires_unicode(file) else codecs.getwriter("utf-8")(file)
            self._draw(out, bbox_inches_restore, metadata)

    def _draw(self, out: Any, bbox_inches_restore: Any, metadata: Any) -> None:
        figure = self.figure
        dpi = figure.dpi
        figure.dpi = self.fixed_dpi
        width_in, height_in = figure.get_size_inches()
        size = width_in * self.fixed_dpi, height_in * self.fixed_dpi
        drawing = _TextRenderer(*size, out, image_dpi=dpi, metadata=metadata)  # type: ignore[no-untyped-call]
        mixed: Any = MixedModeRenderer
        renderer = mixed(figure, width_in, height_in, dpi, drawing, bbox_inches_restore=bbox_inches_restore)
        figure.draw(renderer)
        renderer.finalize()


class _TextRenderer(RendererSVG):
    def draw_text(self, gc: Any, x: float, y: float, s: str, prop: Any, *rest: Any, **more: Any) -> None:
        shown = prop.copy()
        shown.set_family(_INHERITED)
        super().draw_text(gc, x, y, s, shown, *rest, **more)  # type: ignore[no-untyped-call]

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        measured = prop.copy()
        measured.set_family(MEASURING_FONT)
        words = _stand_in(s)
        size: tuple[float, float, float] = super().get_text_width_height_descent(words, measured, ismath)  # type: ignore[no-untyped-call]
        return size


def _stand_in(text: str) -> str:
    return "".join(STAND_IN if unicodedata.east_asian_width(c) in "WF" else c for c in text)
