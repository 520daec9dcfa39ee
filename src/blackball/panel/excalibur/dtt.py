"""Read a `.dtt`: what experts said, each line checked by itself and against those above it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from blackball.errors import Problem
from blackball.panel.excalibur.columns import HEADER, SCALES, assessment, header, is_missing
from blackball.panel.excalibur.text import SHOWN, text_lines
from blackball.panel.words import numbers, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blackball.panel.excalibur.columns import Assessment

__all__ = ["assessments"]

LINE = "is no line of a .dtt: number and name of expert and item, scale and numbers, each in its columns"


def assessments(data: bytes, file: str) -> tuple[list[int], list[Assessment], list[Problem]]:
    """Read a `.dtt`.

    Parameters
    ----------
    data : bytes
    file : str
        What to call it in messages.

    Returns
    -------
    percents : list of int
        Levels of the quantiles; empty if the header is wrong, and then no line is read.
    said : list of Assessment
        Every line that is one, in order, whether or not there is a problem with it.
    problems : list of Problem
    """
    lines, problems = text_lines(data, file)
    if not lines:
        return [], [], problems or [Problem(file, f"is empty; its first line reads like `{HEADER}`")]
    (first, title), *body = lines
    percents, faults = _percents(file, first, title)
    if faults:
        return [], [], [*problems, *faults]
    said: list[Assessment] = []
    for line, text in body:
        found = assessment(text, line)
        if found is None:
            problems.append(Problem(file, LINE, line, value=text[:SHOWN]))
        else:
            said.append(found)
            problems += _alone(file, found, len(percents))
    return percents, said, [*problems, *_together(file, said)]


def _percents(file: str, line: int, text: str) -> tuple[list[int], list[Problem]]:
    found = header(text)
    if not found:
        return [], [Problem(file, f"is no header; the first line reads like `{HEADER}`", line, value=text[:SHOWN])]
    count, percents = found
    stated = " ".join(map(str, percents))
    if count != len(percents):
        return [], [Problem(file, f"names {len(percents)} quantiles where NQ is {count}", line, "QU", stated)]
    if percents != sorted({percent for percent in percents if 0 < percent < 100}):
        return [], [Problem(file, "levels are percents between 0 and 100, each above the last", line, "QU", stated)]
    return percents, []


def _alone(file: str, said: Assessment, count: int) -> Iterator[Problem]:
    """Find what is wrong with a line by itself."""
    for what, name in (("expert", said.expert), ("item", said.item)):
        if not name:
            yield Problem(file, f"the {what} has no name", said.line, what, name)
    if said.scale not in SCALES:
        yield Problem(file, unknown("scale", said.scale, SCALES), said.line, "scale", said.scale)
    if len(said.values) != count:
        rule = f"has {len(said.values)} quantiles where the header names {count}"
        yield Problem(file, rule, said.line, "quantiles", " ".join(said.values))
    for text, value in zip(said.values, numbers(said.values).tolist(), strict=True):
        if not is_missing(value) and not value > 0 and said.scale == "log":
            rule = f"{said.item!r} is on the log scale: a value is a number above 0"
            yield Problem(file, rule, said.line, "value", text)
        elif math.isnan(value):
            yield Problem(file, "a value is a finite number", said.line, "value", text)


def _together(file: str, said: list[Assessment]) -> Iterator[Problem]:
    """Find what does not agree with a line above."""
    experts: dict[str, Assessment] = {}
    items: dict[str, Assessment] = {}
    answers: dict[tuple[str, str], Assessment] = {}
    for one in (named for named in said if named.expert and named.item):
        answer = answers.setdefault((one.expert, one.item), one)
        expert, item = experts.setdefault(one.expert, one), items.setdefault(one.item, one)
        if answer is not one:
            rule = f"duplicate: {one.expert!r} answers {one.item!r} in line {answer.line} already"
            yield Problem(file, rule, one.line, "item", one.item)
        elif one.expert_number != expert.expert_number:
            rule = (
                f"{one.expert!r} is expert number {expert.expert_number} in line {expert.line}; a name is one expert's"
            )
            yield Problem(file, rule, one.line, "expert", one.expert_number)
        elif one.item_number != item.item_number:
            rule = f"{one.item!r} is item number {item.item_number} in line {item.line}; a name is one item's"
            yield Problem(file, rule, one.line, "item", one.item_number)
        elif one.scale != item.scale and {one.scale, item.scale} <= set(SCALES):
            rule = f"{one.item!r} is on the scale {item.scale} in line {item.line}; an item has one scale"
            yield Problem(file, rule, one.line, "scale", one.scale)
