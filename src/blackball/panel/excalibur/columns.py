"""The fixed columns of one line of an Excalibur file: a line to its parts, and back.

A `.dtt` begins with a header that names the quantiles in percent.  Each further line is what one expert said about
one item: number (5 columns) and name (9) of the expert, number (5) and name (15) of the item, its scale (4), one
number (15) a quantile, then the item's text (175) and the expert's own (50), mostly empty.  A line of a `.rls` is one
realisation: number (5) and name (15) of the item, the number (15), the scale (4), the item's text (175).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = [
    "EXPERT",
    "HEADER",
    "ITEM",
    "MISSING",
    "MOST",
    "NAME",
    "SCALES",
    "TEXT",
    "Assessment",
    "Realisation",
    "assessment",
    "assessment_line",
    "header",
    "header_line",
    "is_missing",
    "realisation",
    "realisation_line",
    "six_digits",
]

HEADER = "* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95"
"""What a header looks like."""

SCALES = {"uni": "uniform", "log": "log"}
"""The scales of an item, in any case, with the words of a panel for them."""

EXPERT, ITEM, TEXT, NAME = 8, 14, 173, 50
"""Most characters of an expert's and an item's name, of an item's text and of an expert's own."""

MOST = 99_999
"""Highest number of an expert or an item that its columns have room for."""

MISSING = -999.5
"""Written where there is no number."""

FIELD = 175
NUMBER = r"[+-]?[0-9]+\.[0-9]*[Ee][+-]?[0-9]+"
TITLE = re.compile(r"\*.*\bNQ\s*=\s*(?P<count>[0-9]+)\s+QU\s*=\s*(?P<percents>[0-9]+(?:\s+[0-9]+)*)\s*", re.IGNORECASE)
ASSESSMENT = re.compile(
    r"(?P<expert_number>[ 0-9]{5})(?P<expert>.{9})(?P<item_number>[ 0-9]{5})(?P<item>.{15}) (?P<scale>\S{3})"
    rf"(?P<values>(?: {{1,6}}{NUMBER})*)(?P<rest>(?: .*)?)"
)
REALISATION = re.compile(
    rf"(?P<number>[ 0-9]{{5}})(?P<item>.{{15}}) +(?P<value>{NUMBER}) +(?P<scale>\S{{3}})(?P<text>(?: .*)?)"
)


@dataclass(frozen=True)
class Assessment:
    """What one expert said about one item, as the line says it.

    Attributes
    ----------
    expert_number, expert, item_number, item, scale : str
    values : tuple of str
        Every number that stands there, whether or not there is one a quantile.
    text, name : str
        Texts of the item and of the expert, empty where the line has none.
    line : int
    """

    expert_number: str
    expert: str
    item_number: str
    item: str
    scale: str
    values: tuple[str, ...]
    text: str = ""
    name: str = ""
    line: int = 0


@dataclass(frozen=True)
class Realisation:
    """The realisation of one item, as the line says it."""

    number: str
    item: str
    value: str
    scale: str
    text: str = ""
    line: int = 0


def header(text: str) -> tuple[int, list[int]] | None:
    """Read the header of a `.dtt`: how many quantiles it announces, and their levels in percent.

    None if it is no header.
    """
    found = TITLE.fullmatch(text)
    return found and (int(found["count"]), [int(percent) for percent in found["percents"].split()])


def header_line(percents: list[int]) -> str:
    """Write the header of a `.dtt`."""
    return f"* CLASS ASCII OUTPUT FILE. NQ={len(percents):4d}   QU=" + "".join(f"{percent:4d}" for percent in percents)


def assessment(text: str, line: int) -> Assessment | None:
    """Read a line of a `.dtt`; None if it is no such line."""
    found = ASSESSMENT.fullmatch(text)
    if not found:
        return None
    *names, scale, stated, rest = found.groups()
    expert_number, expert, item_number, item = (name.strip() for name in names)
    # Something longer than the item's text, without a blank where that ends, is a longer text.
    end = FIELD if rest[FIELD - 1 : FIELD] == " " else len(rest)
    values, said, name = tuple(stated.split()), rest[:end].strip(), rest[end:].strip()
    return Assessment(expert_number, expert, item_number, item, scale.lower(), values, said, name, line)


def assessment_line(said: Assessment) -> str:
    """Write a line of a `.dtt`, from parts that fit their columns."""
    names = f"{said.expert_number:>5}{said.expert:>9}{said.item_number:>5}{said.item:>15} {said.scale.upper()}"
    text = f"{said.text:>{FIELD - 1}}" if said.text or said.name else ""
    return names + "".join(f"{value:>15}" for value in said.values) + f"{text} " + (said.name and f"{said.name:>50}")


def realisation(text: str, line: int) -> Realisation | None:
    """Read a line of a `.rls`; None if it is no such line."""
    found = REALISATION.fullmatch(text)
    if not found:
        return None
    number, item, value, scale, said = (part.strip() for part in found.groups())
    return Realisation(number, item, value, scale.lower(), said, line)


def realisation_line(known: Realisation) -> str:
    """Write a line of a `.rls`, from parts that fit their columns."""
    return f"{known.number:>5}{known.item:>15}{known.value:>15} {known.scale.upper()}{known.text:>{FIELD - 1}} "


def six_digits(number: float) -> str:
    """Write a number as Excalibur does, such as `1.00000E-0002`."""
    mantissa, exponent = f"{number:.5E}".split("E")
    return f"{mantissa}E{exponent[0]}{int(exponent[1:]):04d}"


def is_missing(number: float) -> bool:
    """Say whether a number stands for none: any in [-1000, -990] does, whichever one a file uses."""
    return -1000 <= number <= -990
