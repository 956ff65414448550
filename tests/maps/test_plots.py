import xml.etree.ElementTree as ET

import matplotlib

from maps.plots import load_plot, overview_plot, svg_of


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
