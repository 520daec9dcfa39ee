"""The machine's own Chromium, driven without anything that reaches for a network by itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Return the path of Chromium; without one a test is skipped, but fails in continuous integration."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        absent = f"no browser to open the report in: install one of {', '.join(NAMES)}"
        pytest.fail(absent) if "CI" in os.environ else pytest.skip(absent)
    return found


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Start a headless Chromium with a new, empty profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS])
        yield browser
        browser.close()
