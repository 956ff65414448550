"""One Chromium a worker for all its browser tests, with the network cut."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Route, sync_playwright

from api.app import create_app
from api.settings import ServiceSettings
from api.workflow import run_plan
from gis.model.outcome import Outcome
from gis.store import Store
from tests.api.conftest import town

EXAMPLE = Path(__file__).parents[2] / "examples" / "ang_mo_kio" / "study.toml"
WANTED = (
    "422",  # a refused edit
    "404",  # a page of a plan that is not there
    "net::ERR_INTERNET_DISCONNECTED",  # a test that cuts the line
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Seen:
    """What a page asked for outside its own file, and what it complained of."""

    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("WANGGE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("no Chromium here: install it (on Debian: apt-get install chromium) or set WANGGE_CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def open_page(browser: Browser, seen: Seen) -> Iterator[Callable[..., Page]]:
    """Open a file without a network; `seen` fills with whatever the page asks for or complains of."""
    contexts = []

    def watch(route: Route) -> None:
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            seen.outside.append(route.request.url)
            route.abort()

    def opened(path: Path, *, width: int = 1366, height: int = 768) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", watch)
        page.on("console", lambda m: seen.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready=true]")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the main job makes of the bundled town."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    run_plan(EXAMPLE, folder)
    return folder


@pytest.fixture
def shown_town() -> Outcome:
    """The plan that the service shows."""
    return town()


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serve a database with the settings given; return the address."""
    running: list[tuple[uvicorn.Server, Thread]] = []

    def served(database: str, **settings: str) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        config = uvicorn.Config(
            create_app(ServiceSettings(database=database, **settings)),
            port=port,
            log_level="critical",
            ws="none",
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread))
        until = time.monotonic() + 60
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        return f"http://127.0.0.1:{port}"

    yield served
    for server, _ in running:
        server.should_exit = True
    for _, thread in running:
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def service(tmp_path, shown_town, serve) -> str:
    """The address of a service on river town, with a plan of its own."""
    url = f"sqlite:///{tmp_path / 'wangge.db'}"
    store = Store.open(url)
    store.save_outcome(shown_town)
    store.close()
    return serve(url)


@pytest.fixture
def open_served(browser: Browser, service: str) -> Iterator[Callable[..., Page]]:
    """Open a page of the service; nothing else may be asked, and the page complains of nothing unwanted."""
    complaints: list[str] = []
    contexts = []

    def opened(
        path: str, *, width: int = 1366, height: int = 768, beside: Page | None = None, **context_options: Any
    ) -> Page:
        if beside is None:
            viewport = {"width": width, "height": height}
            context = browser.new_context(viewport=viewport, reduced_motion="reduce", **context_options)
            contexts.append(context)
        else:
            context = beside.context  # another tab of the same browser
        page = context.new_page()
        page.route("**/*", pass_or_refuse)
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" and not wanted(m.text) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(service + path)
        return page

    def wanted(text: str) -> bool:
        return any(each in text for each in WANTED)

    def pass_or_refuse(route: Route) -> None:
        if route.request.url.startswith((service, "blob:")):
            route.continue_()
        else:
            complaints.append(route.request.url)
            route.abort()

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_editor(open_served: Callable[..., Page]) -> Callable[..., Page]:
    """Open the editor of the plan, past its first words unless they are wanted."""

    def opened(*, lang: str = "en", hints: bool = False, **options: Any) -> Page:
        page = open_served(f"/edit/river-town-1?lang={lang}", **options)
        page.wait_for_selector("#app[data-ready=yes]", timeout=60_000)
        if not hints and page.locator("#begin").is_visible():
            page.locator("#begin").click()
        return page

    return opened
