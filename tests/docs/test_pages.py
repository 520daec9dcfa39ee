"""Every Python block of the documentation runs, in order, in one namespace a page, in an empty folder."""

from __future__ import annotations

import re
from contextlib import chdir
from pathlib import Path

import pytest
import xarray as xr

from tests.docs.pages import DOCS, MAKES_THE_FIT, ROOT, Names, blocks, run

ABOUT_A_FIT = [DOCS / f"{name}.md" for name in ("ask", "compare-and-export", "report", "update")]
WITHOUT_CODE = {DOCS / "claims.md"}
OTHERS = sorted(set(DOCS.glob("*.md")) - {MAKES_THE_FIT, *ABOUT_A_FIT} - WITHOUT_CODE)
TEXTS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|#)(?P<target>[^)#\s]+)")


def name(page: Path) -> str:
    return page.name


@pytest.mark.parametrize("page", OTHERS, ids=name)
def test_page_runs(page: Path, tmp_path: Path) -> None:
    code = blocks(page)
    assert "assert " in "".join(code)
    with chdir(tmp_path):
        assert run(page, code, {})["__name__"] == page.stem


def test_page_on_fitting_runs(made: Names, tmp_path: Path) -> None:
    code = blocks(MAKES_THE_FIT)[1:]
    assert "assert " in "".join(code)
    with chdir(tmp_path):
        assert run(MAKES_THE_FIT, code, made)["__name__"] == MAKES_THE_FIT.stem


@pytest.mark.parametrize("page", ABOUT_A_FIT, ids=name)
def test_page_about_a_fit_runs(page: Path, fit: xr.DataTree, tmp_path: Path) -> None:
    code = blocks(page)
    assert "assert " in "".join(code)
    with chdir(tmp_path):
        assert run(page, code, {"fit": fit})["__name__"] == page.stem


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_links_lead_somewhere(text: Path) -> None:
    targets = [found["target"] for found in LINK.finditer(text.read_text(encoding="utf-8"))]
    assert [target for target in targets if not (text.parent / target).exists()] == []
