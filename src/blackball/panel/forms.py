"""Check each judgement by the rules of its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.panel.schema import FORMS, PARTS
from blackball.panel.supports import MEANING, SUPPORTS, contains
from blackball.panel.table import plain
from blackball.panel.typed import negated
from blackball.panel.words import pair, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd

    from blackball.errors import Problem
    from blackball.panel.table import Table

__all__ = ["form_problems"]


def form_problems(table: Table, frame: pd.DataFrame, questions: pd.DataFrame) -> list[Problem]:
    """Check form, level, value and what is given, row by row.

    Parameters
    ----------
    table : Table
        The text of the judgements.
    frame : pandas.DataFrame
        The same rows, typed.
    questions : pandas.DataFrame
        Typed questions.  Rows about an unknown question are not held to a support.

    Returns
    -------
    list of Problem
    """
    facts = questions.set_index("question")[["support", "lower", "upper"]]
    rows = frame.join(facts, on="question")
    return [
        *table.flag(~frame["form"].isin(FORMS), "form", lambda name: unknown("form", name, FORMS)),
        *_levels(table, rows),
        *_values(table, rows),
        *_odds(table, rows),
        *_chips(table, rows),
        *_ratios(table, rows),
        *_given(table, rows, questions["question"].tolist()),
    ]


def _shared(rule: str) -> Callable[[str], str]:
    """Word a rule for numbers between 0 and 1: who writes a percent is told the number."""

    def word(value: str) -> str:
        share = plain(value)
        return rule if share == value or not 0 <= float(share) <= 1 else f"{rule}: write {share} for {value}"

    return word


def _levels(table: Table, rows: pd.DataFrame) -> list[Problem]:
    form, level, probability = rows["form"], rows["level"], rows["probability"]
    outside = ~((probability > 0) & (probability < 1))
    blank = level == ""
    part = form.eq("interval") & ~level.isin(PARTS)
    return [
        *table.flag(form.eq("quantile") & outside, "level", _shared("the level of a quantile is a number in (0, 1)")),
        *table.flag(
            form.eq("ratio") & ~blank & outside,
            "level",
            _shared("a ratio has a level in (0, 1), or none"),
        ),
        *table.flag(form.isin(["point", "odds"]) & ~blank, "level", "a point and odds have no level"),
        *table.flag(part, "level", lambda name: unknown("part of an interval", name, PARTS)),
    ]


def _values(table: Table, rows: pd.DataFrame) -> list[Problem]:
    form, value = rows["form"], rows["number"]
    confidence = form.eq("interval") & rows["level"].eq("confidence")
    on_scale = form.isin(["quantile", "point", "interval"]) & ~confidence
    problems = table.flag(
        confidence & ~((value > 0) & (value < 1)),
        "value",
        _shared("a confidence is a number in (0, 1)"),
    )
    for support in SUPPORTS:
        legal = contains(value, support, rows["lower"], rows["upper"])
        rule = f"the question is {support}: a value is {MEANING[support]}"
        problems += table.flag(on_scale & rows["support"].eq(support) & ~legal, "value", _shared(rule))
    nowhere = on_scale & rows["support"].isna() & value.isna()
    return problems + table.flag(nowhere, "value", "a value is a finite number")


def _odds(table: Table, rows: pd.DataFrame) -> list[Problem]:
    odds = rows["form"].eq("odds")
    other = rows["support"].notna() & rows["support"].ne("probability")
    return [
        *table.flag(odds & other, "form", "odds are for a probability"),
        *table.flag(
            odds & rows["number"].isna(),
            "value",
            "odds read `for:against` with two numbers above 0, such as 1:19; to say never or always, "
            "use the form point with 0 or 1",
        ),
    ]


def _chips(table: Table, rows: pd.DataFrame) -> list[Problem]:
    chips = rows["form"].eq("chips").to_numpy()
    if not chips.any():
        return []
    edges = np.full((len(rows), 2), np.nan)
    edges[chips] = pair(rows["level"][chips].tolist())
    low, high = edges.T
    inside = np.zeros(len(rows), dtype=bool)
    for support in SUPPORTS:
        # A bin may begin at 0 even where no value may lie there: only edges between chips become quantiles.
        begins = contains(low, support, rows["lower"], rows["upper"]) | ((support == "positive") & (low == 0))
        ends = contains(high, support, rows["lower"], rows["upper"])
        inside |= rows["support"].eq(support).to_numpy() & begins & ends
    inside |= rows["support"].isna().to_numpy()
    well_formed = low < high
    return [
        *table.flag(chips & ~well_formed, "level", "a bin reads `low:high`, two numbers, the lower first"),
        *table.flag(chips & well_formed & ~inside, "level", "a bin lies inside the question's support"),
        *table.flag(chips & ~(rows["number"] >= 0), "value", "a count of chips is a number not below 0"),
    ]


def _ratios(table: Table, rows: pd.DataFrame) -> list[Problem]:
    ratio = rows["form"].eq("ratio")
    other = rows["support"].isin(["bounded", "real"])
    return [
        *table.flag(ratio & other, "form", "a ratio is for a probability or a positive quantity"),
        *table.flag(ratio & ~(rows["number"] > 0), "value", "a ratio is a number above 0"),
        *table.flag(ratio & rows["regime"].eq(""), "regime", "a ratio names the regime it is about"),
        *table.flag(ratio & rows["given"].eq(""), "given", "a ratio names its reference regime here"),
        *table.flag(
            ratio & rows["given"].ne("") & rows["given"].eq(rows["regime"]),
            "given",
            "a regime is no reference to itself",
        ),
    ]


def _given(table: Table, rows: pd.DataFrame, questions: Collection[str]) -> list[Problem]:
    known = set(questions)
    condition = rows["form"].ne("ratio") & rows["given"].ne("")
    named = rows["given"].map(lambda given: negated(given)[1])

    def rule(given: str) -> str:
        return unknown("question given", negated(given)[1], questions) + ", each also after `not `"

    return [
        *table.flag(condition & ~named.isin(known), "given", rule),
        *table.flag(condition & named.eq(rows["question"]), "given", "a question is not given itself"),
    ]
