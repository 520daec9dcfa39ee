"""What was asked, of whom, and what they said."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from blackball.reporting.grid import Grid
from blackball.reporting.report.cited import cite
from blackball.reporting.words import DAGGER, number, place_words, regime_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    import xarray as xr

    from blackball.decisions import Comparison

__all__ = ["answers_grid", "experts_grid", "questions_grid"]

MOST, MOST_EXPERTS = 600, 100
"""Rows of answers, and of experts, at most; a seed study or a survey has thousands, which are in its panel."""


def questions_grid(fit: xr.DataTree, sources: Mapping[str, int]) -> Grid:
    """Return the questions with what each is about and how many answers it has."""
    questions, judgements = _table(fit, "questions"), _table(fit, "judgements")
    counts = judgements.groupby("question")["expert"].nunique()
    rows = tuple(
        (
            row["text"],
            f"{_spoken(row['variable'])} {place_words(row['at'])}".strip(),
            row["unit"],
            str(counts.get(row["question"], 0)),
        )
        for row in questions.to_dict("records")
    )
    cited = tuple(cite(sources, [source]) for source in questions["source"])
    header = ("Question", "About", "Unit", "Experts")
    return Grid("What was asked. Experts: how many answered, under any regime.", header, rows, frozenset({3}), cited)


def experts_grid(fit: xr.DataTree, sources: Mapping[str, int]) -> Grid:
    """Return who was asked, with the size of groups and the number of things each judged."""
    experts, judgements = _table(fit, "experts"), _table(fit, "judgements")
    keys = [key for key in ("question", "regime", "given") if key in judgements]
    counts = judgements.groupby("expert")[keys].apply(lambda rows: len(rows.drop_duplicates()))
    rows = tuple(
        (
            row["name"] or row["expert"],
            row["camp"],
            "" if isnan(row["n"]) else f"{row['n']:g}",
            str(counts.get(row["expert"], 0)),
        )
        for row in experts[:MOST_EXPERTS].to_dict("records")
    )
    cited = tuple(cite(sources, [source]) for source in experts["source"][:MOST_EXPERTS])
    header = ("Expert or group", "Camp", "People", "Judgements")
    caption = f"Who was asked. People: size of a group.{_fewer(MOST_EXPERTS, len(experts))}"
    return Grid(caption, header, rows, frozenset({2, 3}), cited)


def answers_grid(fit: xr.DataTree, comparison: Comparison, sources: Mapping[str, int]) -> Grid:
    """Return every answer: an expert's numbers about one question under one regime, in one round."""
    titles = regime_words(comparison)
    names = dict(_table(fit, "experts")[["expert", "name"]].itertuples(index=False, name=None))
    units = dict(_table(fit, "questions")[["question", "unit"]].itertuples(index=False, name=None))
    rows, cited = [], []
    keys = ["question", "regime", "given", "expert", "round"]
    groups = _table(fit, "judgements").groupby(keys, sort=False, dropna=False)
    for (question, regime, given, expert, turn), answer in list(groups)[:MOST]:
        said = [_said(row, str(units.get(question, ""))) for row in answer.to_dict("records")]
        marked = any(str(source).lower().startswith("illustrative") for source in answer["source"])
        against = "against " if (answer["form"] == "ratio").any() else "given "
        condition = f"{against}{titles.get(str(given), _spoken(str(given)))}" if given else ""
        about = "\n".join(filter(None, [_spoken(str(question)), titles.get(str(regime), str(regime)), condition]))
        who = f"{names.get(expert) or expert}{f' {DAGGER}' if marked else ''}"
        rows.append((about, who, "\n".join(said), str(turn)))
        cited.append(cite(sources, answer["source"]))
    caption = (
        "What was answered. Probabilities in %; q05, q50 and q95 are the answer's "
        f"5 %, 50 % and 95 % quantiles. {DAGGER} illustrative, nobody's published view.{_fewer(MOST, len(groups))}"
    )
    return Grid(
        caption, ("Question and regime", "Expert", "Answer", "Round"), tuple(rows), frozenset({3}), tuple(cited)
    )


def _fewer(shown: int, rows: int) -> str:
    return f" The first {shown} of {rows:,}." if rows > shown else ""


def _table(fit: xr.DataTree, name: str) -> pd.DataFrame:
    return fit[f"panel/{name}"].to_dataset().to_dataframe()


def _spoken(name: str) -> str:
    return name.replace("_", " ").strip()


def _said(row: Mapping[Hashable, Any], unit: str) -> str:
    """Write one row of an answer: a quantile of a probability in percent, anything else as it was given."""
    form, text = str(row["form"]), str(row["value"])
    level = str(row["level"])
    head = f"q{100 * float(level):02g}" if form == "quantile" else f"{form} {level}".strip()
    try:
        value = float(text)
    except ValueError:
        return f"{head} {text}"
    percent = unit == "probability" and form in ("quantile", "point", "interval")
    return f"{head} {number(value, 'probability')} %" if percent else f"{head} {value:g}"
