"""The pages ask nothing of the network, run no inline script, and speak both languages."""

import base64
import hashlib
import re
from importlib.resources import files

import pytest

ASSETS = files("api.pages").joinpath("assets")
SCRIPTS = sorted(p.name for p in ASSETS.iterdir() if p.name.endswith(".js"))
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


def test_the_map_page_allows_the_scripts_in_it_by_their_hashes_and_no_others(client):
    page = client.get("/map/river-town-1?lang=en")
    policy = page.headers["content-security-policy"]
    scripts = re.findall(rb"<script(?:\s[^>]*)?>(.*?)</script>", page.content, re.DOTALL)
    assert scripts
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script).digest()).decode() in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert client.get("/map/river-town-1?lang=en", headers={"If-None-Match": page.headers["etag"]}).status_code == 304
