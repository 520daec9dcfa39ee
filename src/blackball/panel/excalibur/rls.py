"""Read a `.rls`: realisations, joined to the items of a `.dtt` by name, since numbers and order may differ."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from blackball.errors import Problem
from blackball.panel.excalibur.columns import SCALES, is_missing, realisation
from blackball.panel.excalibur.text import SHOWN, text_lines
from blackball.panel.words import numbers, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from blackball.panel.excalibur.columns import Realisation

__all__ = ["realisations"]

LINE = "is no line of a .rls: number and name of an item, its realisation and its scale, each in its columns"


def realisations(data: bytes, file: str, scales: Mapping[str, str]) -> tuple[list[Realisation], list[Problem]]:
    """Read a `.rls`.

    Parameters
    ----------
    data : bytes
    file : str
        What to call it in messages.
    scales : mapping of str to str
        Scale of each item of the `.dtt`.

    Returns
    -------
    known : list of Realisation
        The lines without a problem, those with a missing realisation included.
    problems : list of Problem
    """
    lines, problems = text_lines(data, file)
    known: dict[str, Realisation] = {}
    for line, text in lines:
        found = realisation(text, line)
        if found is None:
            problems.append(Problem(file, LINE, line, value=text[:SHOWN]))
            continue
        faults = [*_faults(file, found, scales, known)]
        problems += faults
        if not faults:
            known[found.item] = found
    return list(known.values()), problems


def _faults(
    file: str, found: Realisation, scales: Mapping[str, str], known: Mapping[str, Realisation]
) -> Iterator[Problem]:
    if found.item not in scales:
        yield Problem(file, unknown("item of the .dtt", found.item, scales), found.line, "item", found.item)
        return
    if found.item in known:
        rule = f"duplicate: the realisation of {found.item!r} stands in line {known[found.item].line}"
        yield Problem(file, rule, found.line, "item", found.item)
    if found.scale != scales[found.item] in SCALES:
        rule = f"{found.item!r} is on the scale {scales[found.item]} in the .dtt"
        yield Problem(file, rule, found.line, "scale", found.scale)
    (value,) = numbers([found.value]).tolist()
    if math.isnan(value):
        yield Problem(file, "a realisation is a finite number", found.line, "realisation", found.value)
    elif scales[found.item] == "log" and not is_missing(value) and value <= 0:
        rule = f"{found.item!r} is on the log scale: a realisation is a number above 0"
        yield Problem(file, rule, found.line, "realisation", found.value)
