"""The build hook that brings the browser libraries into the package."""

import json
from pathlib import Path

import pytest

import hatch_build
from hatch_build import BrowserPart, build_part, copy_named_files, sources_digest

ROOT = Path(hatch_build.__file__).parent


@pytest.fixture
def part(tmp_path, monkeypatch):
    """A part with one installed package, whose `npm ci` only counts how often it is called."""
    folder = tmp_path / "maps" / "assets"
    (folder / "node_modules" / "leaflet").mkdir(parents=True)
    (folder / "node_modules" / "leaflet" / "leaflet.js").write_text("L = 1;")
    (folder / "package.json").write_text(json.dumps({"wangge": {"copy": {"js/map.js": "leaflet/leaflet.js"}}}))
    calls = []
    monkeypatch.setattr(hatch_build, "npm", lambda where, *arguments: calls.append(arguments))
    return tmp_path, BrowserPart("maps/assets", copy_named_files), calls


def test_named_files_are_copied(part):
    root, browser_part, calls = part
    assert build_part(browser_part, root)
    assert (root / "maps/assets/dist/js/map.js").read_text() == "L = 1;"
    assert calls[0][0] == "ci"


def test_a_part_is_built_again_only_when_its_sources_change(part):
    root, browser_part, calls = part
    build_part(browser_part, root)
    assert not build_part(browser_part, root)
    (root / "maps/assets/.npmrc").write_text("fund=false")
    assert build_part(browser_part, root)
    assert len(calls) == 2


def test_what_was_installed_or_built_is_no_source(part):
    root, browser_part, _ = part
    before = sources_digest(root / "maps/assets")
    build_part(browser_part, root)
    (root / "maps/assets/node_modules/leaflet/more.js").write_text("x")
    assert sources_digest(root / "maps/assets") == before


def test_a_missing_file_of_a_package_is_an_error(part):
    root, browser_part, _ = part
    (root / "maps/assets/node_modules/leaflet/leaflet.js").unlink()
    with pytest.raises(FileNotFoundError):
        build_part(browser_part, root)


@pytest.mark.parametrize("browser_part", hatch_build.PARTS, ids=lambda p: p.folder)
def test_locks_name_no_registry_and_pin_every_package_by_hash(browser_part):
    lock = json.loads((ROOT / browser_part.folder / "package-lock.json").read_text(encoding="utf-8"))
    installed = {name: entry for name, entry in lock["packages"].items() if name}
    assert installed
    assert [name for name, entry in installed.items() if "resolved" in entry or "integrity" not in entry] == []
