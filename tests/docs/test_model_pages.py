"""Each shipped model has a page that was made from the model as it is now; `make docs` makes them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from blackball.cli.inputs import own_panel, own_regimes
from blackball.reporting.diagram import diagram
from blackball.risk_model import load_model, shipped_models
from tests.docs.pages import DOCS

PAGES = DOCS / "models"
MODELS = shipped_models()
MERMAID = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIGURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<file>[^)]+)\)")


def text_of(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def words(text: str) -> str:
    return " ".join(text.replace("*", "").split())


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def question(path: Path) -> str:
    """Return the paragraph that opens with `Question.`, without that word; the first line where there is none."""
    title, *paragraphs = docstring(path).split("\n\n")
    stated = [paragraph.removeprefix("Question.") for paragraph in paragraphs if paragraph.startswith("Question.")]
    return words((stated or [title])[0])


def test_every_shipped_model_has_a_page_and_a_figure_and_nothing_else_has() -> None:
    assert {path.name for path in PAGES.iterdir()} == {"README.md"} | {
        f"{name}.{suffix}" for name in MODELS for suffix in ("md", "png")
    }


@pytest.mark.parametrize("name", MODELS)
def test_the_drawing_is_that_of_the_model(name: str) -> None:
    risk = load_model(name)
    (drawn,) = MERMAID.findall(text_of(name))
    assert drawn == diagram(risk.build(own_panel(risk), own_regimes(risk)))


@pytest.mark.parametrize("name", MODELS)
def test_the_page_says_what_the_docstring_says(name: str) -> None:
    said = words(text_of(name))
    assert question(MODELS[name]) in said
    assert [part for part in docstring(MODELS[name]).split("\n\n") if words(part) not in said] == []


@pytest.mark.parametrize("name", MODELS)
def test_the_figure_is_shown_and_told_to_who_cannot_see_it(name: str) -> None:
    (figure,) = FIGURE.finditer(text_of(name))
    assert figure["file"] == f"{name}.png"
    assert (PAGES / figure["file"]).read_bytes().startswith(b"\x89PNG")
    assert "Posterior of" in figure["alt"]
    assert len(figure["alt"]) > 60


@pytest.mark.parametrize("name", MODELS)
def test_the_page_says_how_it_was_made_and_can_be_believed(name: str) -> None:
    said = text_of(name)
    assert f"blackball fit {name}\npython models/{MODELS[name].name}\n" in said
    assert f"blackball fit {name} --seed 1 " in said
    assert "Diagnostics: trusted" in said
    assert "DIAGNOSTICS FAILED" not in said


def test_the_index_lists_every_page_with_its_question() -> None:
    rows = dict(re.findall(r"^\| \[([\w-]+)\]\(\1\.md\) \| (.+) \|$", text_of("README"), re.MULTILINE))
    assert {name: words(row) for name, row in rows.items()} == {name: question(path) for name, path in MODELS.items()}
