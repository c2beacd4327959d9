"""Whole procedures as people do them: a real server (`manage.py serve`), real HTTP, a real Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Nothing of the browser's own may go out: no updates, no background requests.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a register of its own, with the real cases and the demonstration data."""
    folder = tmp_path_factory.mktemp("register")
    port = _free_port()
    environment = os.environ | {
        "VAR_DIR": str(folder / "var"),
        "DEBUG": "1",
        "POSTGRES_DURABLE": "0",
        "PORT": str(port),
        "RELEASE_SECONDS": "1",
        "DJANGO_SETTINGS_MODULE": "registry.settings",
    }
    environment.pop("SECRET_KEY", None)
    log = folder / "serve.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")[-4000:]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "No Chromium found: install one, or name it in CHROMIUM."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def person(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """`person("staff")`: a page on which that demo person is logged in; nobody without a name.

    At the end no page may have had a console error, a refusal by the security policy or a missing file.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(username: str = "", *, language: str = "en", width: int = 1280, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=address,
            locale="en-GB" if language == "en" else "nl-BE",
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", lambda message: _note_console(problems, message))
        page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
        page.on("response", lambda response: _note_response(problems, response))
        if username:
            log_in(page, username)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def log_in(page: Page, username: str) -> None:
    page.goto("/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", "demo")
    page.click("main button[type=submit]")
    page.wait_for_url("**/desk/**")


def _note_console(problems: list[str], message: ConsoleMessage) -> None:
    # A refused form answers 4xx on purpose, and Chromium prints that; what failed to load is noted below.
    if message.type == "error" and "the server responded with a status of 4" not in message.text:
        problems.append(f"console: {message.text}")


def _note_response(problems: list[str], response: Response) -> None:
    if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
        problems.append(f"{response.status} {response.url}")


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text(errors="replace")[-4000:]
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"not ready after {START_SECONDS} s:\n{log.read_text(errors='replace')[-4000:]}")
