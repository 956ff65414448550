import xml.etree.ElementTree as ET

import matplotlib
import pytest
from matplotlib.font_manager import fontManager

from maps import plots
from maps.plots import load_plot, overview_plot, svg_of

TEXT = "{http://www.w3.org/2000/svg}text"


@pytest.fixture
def no_chinese_font(monkeypatch):
    """A machine with the fonts that travel with matplotlib and no others."""
    own = [font for font in fontManager.ttflist if font.name.startswith("DejaVu")]
    monkeypatch.setattr(fontManager, "ttflist", own)
    plots.fonts.cache_clear()
    yield
    plots.fonts.cache_clear()


def test_a_machine_without_chinese_fonts_draws_chinese_as_text_and_says_nothing(town, no_chinese_font, caplog):
    overview, histogram = ET.fromstring(svg_of(overview_plot(town))), ET.fromstring(svg_of(load_plot(town)))
    words = [t.text for picture in (overview, histogram) for t in picture.iter(TEXT)]
    assert {"100 米", "001", "每个网格的负荷（户）"} <= set(words)
    assert "'Noto Sans CJK SC'" in overview.attrib["style"]
    assert caplog.records == []  # a warning is an error here by itself


def test_a_chinese_word_takes_the_room_it_needs_without_a_font(town, no_chinese_font):
    figure = load_plot(town)
    svg_of(figure)
    word = figure.axes[0].xaxis.label
    wide_px = len(word.get_text()) * word.get_fontsize()  # at 72 dots an inch
    assert word.get_window_extent().width == pytest.approx(wide_px, rel=0.03)


def test_the_overview_has_a_patch_for_every_look_and_a_scale_bar(town):
    figure = overview_plot(town)
    axes = figure.axes[0]
    assert sum(len(c.get_paths()) for c in axes.collections) == 7 + 3  # grids and communities
    assert "100 米" in [t.get_text() for t in axes.texts]


def test_the_histogram_counts_every_general_grid(town):
    axes = load_plot(town).axes[0]
    assert sum(bar.get_height() for bar in axes.patches[1:]) == 6


def test_the_same_plan_gives_the_same_picture(town):
    assert svg_of(overview_plot(town)) == svg_of(overview_plot(town))


def test_a_picture_is_one_well_formed_svg_element(town):
    assert ET.fromstring(svg_of(load_plot(town, lang="en"))).tag.endswith("svg")


def test_drawing_leaves_the_global_settings_as_they_were(town):
    before = dict(matplotlib.rcParams)
    svg_of(overview_plot(town, lang="en"))
    assert dict(matplotlib.rcParams) == before


def test_a_legend_below_leaves_the_whole_width_to_the_map(town):
    def share(figure):
        figure.draw_without_rendering()
        return figure.axes[0].get_window_extent().width / (figure.get_figwidth() * figure.dpi)

    small = {"width_in": 4.6, "labels": False, "lang": "en"}
    assert share(overview_plot(town, legend_below=True, **small)) > 0.9 > share(overview_plot(town, **small)) + 0.15
