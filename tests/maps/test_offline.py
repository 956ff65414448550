import folium
import folium.plugins
import pytest

from maps.offline import UnknownAssetError, asset, inlined, unused_defaults_dropped


def _page(**options):
    return unused_defaults_dropped(folium.Map(tiles=None, **options))


def test_every_library_is_inside_the_page():
    html = inlined(_page().get_root().render())
    assert "<script src=" not in html
    assert "<link" not in html
    assert "L.map(" in html
    assert 'version="1.9' in html or "1.9.4" in html  # Leaflet itself


def test_pictures_of_a_style_sheet_become_data():
    html = inlined(_page().get_root().render())
    assert "url(images/" not in html
    assert "data:image/png;base64," in html


def test_the_full_screen_button_is_carried_too():
    page = _page()
    folium.plugins.Fullscreen().add_to(page)
    html = inlined(page.get_root().render())
    assert "cdn.jsdelivr" not in html
    assert "data:image/svg+xml;base64," in html


def test_a_library_that_is_not_carried_is_refused_by_name():
    page = _page()
    folium.plugins.MarkerCluster().add_to(page)
    with pytest.raises(UnknownAssetError, match="markercluster"):
        inlined(page.get_root().render())


def test_a_script_in_the_body_is_refused():
    with pytest.raises(UnknownAssetError, match="example"):
        inlined('<head></head><body><script src="https://example.org/x.js"></script></body>')


@pytest.mark.parametrize("name", ["../package.json", "no-such-file.js", ".."])
def test_only_files_of_the_package_are_given(name):
    with pytest.raises(UnknownAssetError):
        asset(name)


def test_libraries_that_nothing_uses_are_dropped():
    html = _page().get_root().render()
    assert not [name for name in ("jquery", "bootstrap", "awesome", "glyphicons") if name in html]
