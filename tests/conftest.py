"""Panels made in memory, and the few real fits that the tests share."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from blackball.panel import Panel, read_panel

ROOT = Path(__file__).parents[1]

JUDGEMENTS = ["expert", "question", "regime", "given", "round", "form", "level", "value", "source"]
EXPERTS = ["expert", "name", "camp", "n", "source"]
QUESTIONS = [
    "question",
    "text",
    "variable",
    "at",
    "support",
    "scale",
    "lower",
    "upper",
    "unit",
    "realisation",
    "source",
]
MakePanel = Callable[..., Panel]


def table(columns: list[str], rows: Sequence[dict[str, object]]) -> str:
    """Return a CSV text of rows that name only the columns they need."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"source": "made for a test", **row} for row in rows)
    return out.getvalue()


def make_panel_in(
    folder: Path,
    judgements: Sequence[dict[str, object]],
    questions: Sequence[dict[str, object]],
    experts: Sequence[str | tuple[str, str]],
) -> Panel:
    """Make a panel of a few rows in a folder: judgements and questions in full, experts as (id, camp) or id."""
    people = [expert if isinstance(expert, tuple) else (expert, "") for expert in experts]
    rows = [{"expert": expert, "camp": camp} for expert, camp in people]
    texts = [{"text": "a question", "unit": "probability", **question} for question in questions]
    (folder / "judgements.csv").write_text(table(JUDGEMENTS, judgements))
    (folder / "experts.csv").write_text(table(EXPERTS, rows))
    (folder / "questions.csv").write_text(table(QUESTIONS, texts))
    return read_panel(folder)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the published data that stand beside this repository and not in it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        absent = "the published data are not beside this checkout, in ../shared/data"
        pytest.fail(absent) if "CI" in os.environ else pytest.skip(absent)
    return folder


@pytest.fixture
def make_panel(tmp_path: Path) -> MakePanel:
    """Make panels in folders of their own."""

    def make(
        judgements: Sequence[dict[str, object]],
        questions: Sequence[dict[str, object]],
        experts: Sequence[str | tuple[str, str]],
        name: str = "made",
    ) -> Panel:
        (tmp_path / name).mkdir()
        return make_panel_in(tmp_path / name, judgements, questions, experts)

    return make


def quantiles(expert: str, question: str, values: Sequence[float], **more: object) -> list[dict[str, object]]:
    """Return the rows of a 5/50/95 answer."""
    return [
        {"expert": expert, "question": question, "form": "quantile", "level": level, "value": value, **more}
        for level, value in zip((0.05, 0.5, 0.95), values, strict=True)
    ]
