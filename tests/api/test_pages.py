"""The pages ask nothing of the network, run no inline script, and speak both languages."""

import base64
import hashlib
import re
from importlib.resources import files

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import ServiceSettings

ASSETS = files("api.pages").joinpath("assets")
SCRIPTS = sorted(p.name for p in ASSETS.iterdir() if p.name.endswith(".js"))
KINDS = ["draw", "move", "new_grid", "merge", "rename", "accept", "note", "undo", "redo", "lock", "unlock", "status"]
KINDS += ["restore", "link"]
PAGES = ["/", "/gaps/river-town-1", "/compare/river-town-1"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_no_script_and_no_style_of_its_own(client, path):
    page = client.get(path)
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", page.text)


@pytest.mark.parametrize("path", PAGES)
def test_everything_that_a_page_names_is_served_from_here(client, path):
    named = re.findall(r'(?:src|href)="([^"]+)"', client.get(path).text)
    assert named
    for address in named:
        assert address.startswith("/")
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("page", ["gaps", "compare", "edit"])
def test_a_page_of_a_plan_that_is_not_there_is_shown_with_404(client, page):
    answer = client.get(f"/{page}/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_a_script_is_served_as_one(client):
    answer = client.get("/assets/words.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", SCRIPTS)
def test_text_never_becomes_markup(name):
    text = ASSETS.joinpath(name).read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|https?://", text)


def test_every_word_is_there_in_both_languages():
    words = ASSETS.joinpath("words.js").read_text(encoding="utf-8")
    chinese, english = (
        set(re.findall(r"(\w+): \"", words.split(f"  {lang}: {{")[1].split("\n  },")[0])) for lang in ("zh", "en")
    )
    assert chinese == english
    used = set()
    for name in [*SCRIPTS, "index.html", "gaps.html", "compare.html"]:
        used |= set(re.findall(r"(?:say\(|data-say=)\"(\w+)\"", ASSETS.joinpath(name).read_text(encoding="utf-8")))
    assert used <= chinese
    assert {f"edit_{kind}" for kind in KINDS} <= chinese


def test_the_map_page_allows_the_scripts_in_it_by_their_hashes_and_no_others(client):
    page = client.get("/map/river-town-1?lang=en")
    policy = page.headers["content-security-policy"]
    scripts = re.findall(rb"<script(?:\s[^>]*)?>(.*?)</script>", page.content, re.DOTALL)
    assert scripts
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script).digest()).decode() in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert client.get("/map/river-town-1?lang=en", headers={"If-None-Match": page.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("", ""),
        ("/tiles/{z}/{x}/{y}.png", ""),
        ("https://tiles.example:8443/{z}/{x}/{y}.png", "https://tiles.example:8443"),
        ("http://tiles.example/town.pmtiles", "http://tiles.example"),
    ],
)
def test_the_editor_may_ask_the_host_of_its_base_map_and_no_other(tmp_path, address, origin):
    settings = ServiceSettings(database=f"sqlite:///{tmp_path / 'w.db'}", basemap=address, basemap_credit='"><b>')
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as service:
        page = service.get("/edit/any")
    policy = dict(line.split(" ", 1) for line in page.headers["content-security-policy"].split("; "))
    assert policy["connect-src"].split() == ["'self'", *([origin] if origin else [])]
    assert policy["script-src"] == "'self'"
    assert ("basemap" in page.text) == bool(address)
    assert "<b>" not in page.text


@pytest.mark.parametrize("address", ["https://tiles.example/", "x.pmtiles", "https://a/{z}/{x}/{y}; script-src *"])
def test_what_is_no_address_of_tiles_is_refused(address):
    with pytest.raises(ValidationError):
        ServiceSettings(basemap=address)
