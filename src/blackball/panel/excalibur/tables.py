"""Put the lines of a study of Excalibur into the three tables of a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.panel.excalibur.columns import SCALES, is_missing
from blackball.panel.schema import EXPERTS, JUDGEMENTS, QUESTIONS
from blackball.panel.table import as_text, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blackball.panel.excalibur.columns import Assessment, Realisation
    from blackball.panel.schema import Schema
    from blackball.panel.table import Table

    Row = tuple[int, dict[str, str]]
    Answers = Sequence[tuple[Assessment, dict[str, str]]]

__all__ = ["SPREAD", "tables"]

SPREAD = 10.0
"""Answers that span more than this factor are reckoned with on the log scale, which predicts seeds better."""


def tables(
    percents: Sequence[int], said: Sequence[Assessment], known: Sequence[Realisation], file: str, source: str
) -> tuple[Table, Table, Table]:
    """Put the lines of a study into the three tables of a panel.

    Parameters
    ----------
    percents : sequence of int
        Levels of the quantiles.
    said : sequence of Assessment
        Sound lines of the `.dtt`.
    known : sequence of Realisation
        Sound lines of the `.rls`.
    file, source : str
        What to call the `.dtt` in messages, and as the source of every row.

    Returns
    -------
    judgements, experts, questions : Table
        Rows are numbered as the lines of the `.dtt`.

    Raises
    ------
    InputError
        If nobody answers anything.
    """
    answers = [(one, _quantiles(percents, one)) for one in said]
    if not any(quantiles for _, quantiles in answers):
        raise InputError([Problem(file, "holds no answer: every value is missing")])
    judgements = _table(_judgements(answers), JUDGEMENTS, file, source)
    experts = _table(_experts(said), EXPERTS, file, source)
    return judgements, experts, _table(_questions(answers, known), QUESTIONS, file, source)


def _quantiles(percents: Sequence[int], said: Assessment) -> dict[str, str]:
    """Return values by level, as text; empty where what remains says nothing."""
    kept = {
        percent: float(value)
        for percent, value in zip(percents, said.values, strict=True)
        if not is_missing(float(value))
    }
    if len(kept) == 1 and 50 not in kept:
        return {}
    return {as_text(percent / 100): as_text(value) for percent, value in kept.items()}


def _judgements(answers: Answers) -> list[Row]:
    return [
        (one.line, {"expert": one.expert, "question": one.item, "form": "quantile", "level": level, "value": value})
        for one, quantiles in answers
        for level, value in quantiles.items()
    ]


def _experts(said: Sequence[Assessment]) -> list[Row]:
    first: dict[str, int] = {}
    names: dict[str, str] = {}
    for one in said:
        first.setdefault(one.expert, one.line)
        names[one.expert] = names.get(one.expert) or one.name
    return [(line, {"expert": expert, "name": names[expert]}) for expert, line in first.items()]


def _questions(answers: Answers, known: Sequence[Realisation]) -> list[Row]:
    first: dict[str, Assessment] = {}
    values: dict[str, list[float]] = {}
    texts: dict[str, str] = {}
    for one, quantiles in answers:
        first.setdefault(one.item, one)
        values.setdefault(one.item, []).extend(map(float, quantiles.values()))
        texts[one.item] = texts.get(one.item) or one.text
    found = {one.item: one for one in known}
    rows = []
    for item, one in first.items():
        truth = float(found[item].value) if item in found and not is_missing(float(found[item].value)) else None
        cells = {
            "question": item,
            "text": texts[item] or (found[item].text if item in found else "") or item,
            "support": "positive" if one.scale == "log" or _spread(values[item], truth) else "real",
            "scale": SCALES[one.scale],
            "realisation": as_text(truth),
        }
        rows.append((one.line, cells))
    return rows


def _spread(values: Sequence[float], truth: float | None) -> bool:
    """Say whether answers on the uniform scale are those of a positive quantity over orders of magnitude."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    return low > 0 and high > SPREAD * low and (truth is None or truth > 0)


def _table(rows: Sequence[Row], schema: Schema, file: str, source: str) -> Table:
    columns = {name: [row.get(name, "") for _, row in rows] for name in schema.columns}
    return table_of({**columns, "source": [source] * len(rows)}, [line for line, _ in rows], schema, file)
