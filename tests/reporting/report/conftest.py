"""Reports to look at: of a real fit without regimes, and of a synthetic one with six, trusted and failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import xarray as xr
from playwright.sync_api import Browser, Page

import blackball as bb
from blackball.shipped import shipped
from tests.browser import opened_browser
from tests.reporting.report.explorable import explorable
from tests.reporting.report.results import results_of


class Report(NamedTuple):
    """A fit and its report."""

    fit: xr.DataTree
    path: Path

    @property
    def html(self) -> str:
        return self.path.read_text(encoding="utf-8")


class Opened(NamedTuple):
    """A report in a browser, and what went wrong in it or left it."""

    page: Page
    errors: list[str]
    requests: list[str]


Open = Callable[[Report, int], Opened]


@pytest.fixture(scope="package")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    folder = tmp_path_factory.mktemp("reports")
    fits = {
        "urn": bb.fit("urn", shipped("data") / "urn", draws=300),
        "regimes": explorable(),
        "failed": explorable("failed"),
    }
    more = {"urn": results_of(fits["urn"])}
    return {
        name: Report(fit, bb.report(fit, folder / f"{name}.html", *more.get(name, ()))) for name, fit in fits.items()
    }


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with opened_browser() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Open a report at a width of the window."""
    pages: list[Page] = []

    def open_report(report: Report, width: int) -> Opened:
        page = browser.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        errors: list[str] = []
        requests: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
        page.on("request", lambda request: requests.append(request.url))
        page.goto(report.path.as_uri())
        return Opened(page, errors, requests)

    yield open_report
    for page in pages:
        page.close()
