"""Write a panel as a study of Excalibur."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.panel.excalibur.columns import (
    MISSING,
    SCALES,
    Assessment,
    Realisation,
    assessment_line,
    header_line,
    realisation_line,
    six_digits,
)
from blackball.panel.excalibur.fits import misfits
from blackball.panel.excalibur.text import ENCODING
from blackball.panel.rounds import latest
from blackball.panel.whole import whole

if TYPE_CHECKING:
    from blackball.panel.panel import Panel

__all__ = ["pair_of", "write_excalibur"]

TOKENS = {scale: token for token, scale in SCALES.items()}
BLANK = six_digits(MISSING)


def write_excalibur(panel: Panel, dtt: str | Path) -> list[Path]:
    """Write a panel as a study of Excalibur: a `.dtt` and the `.rls` beside it.

    Of several rounds the last answers are written.  Numbers keep six significant digits; an expert's text is the name
    where that is not the id, and an item's the question's text.  What the format has no place for is left out: camps,
    numbers of people, units, variables, sources, and supports other than by `scale`, so that a bounded question or a
    probability is read again as `real` or `positive`.

    Parameters
    ----------
    panel : Panel
        With answers that are all quantiles at the same whole percents, about no regime and given nothing.
    dtt : str or Path
        Ends in `.dtt`, in any case; its folder is made if it is not there.  Both files are replaced, or neither.

    Returns
    -------
    list of Path
        The `.dtt` and the `.rls`, which lists every item, without a realisation as missing.

    Raises
    ------
    InputError
        If the format cannot hold the panel, with every reason; if the path does not end in `.dtt`; if files of the
        same name but for its case stand there.
    SetupError
        If the folder cannot be written.
    """
    said, known = pair_of(dtt)
    problems = [*misfits(panel), *_twins(said), *_twins(known)]
    if problems:
        raise InputError(problems)
    texts = {said: _said(panel), known: map(realisation_line, _items(panel))}
    with whole(said.parent) as fresh:
        for path, lines in texts.items():
            (fresh / path.name).write_bytes("".join(f"{line}\n" for line in lines).encode(ENCODING))
    return list(texts)


def pair_of(dtt: str | Path) -> tuple[Path, Path]:
    """Return the paths of a `.dtt` and of the `.rls` that belongs to it.

    Raises
    ------
    InputError
        If the path does not end in `.dtt`.
    """
    path = Path(dtt)
    if path.suffix.lower() != ".dtt":
        raise InputError([Problem(str(dtt), "a study of Excalibur ends in .dtt")])
    return path, path.with_suffix(".RLS" if path.suffix == ".DTT" else ".rls")


def _twins(path: Path) -> list[Problem]:
    beside = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    twins = [one for one in beside if one.name != path.name and one.name.lower() == path.name.lower()]
    return [Problem(str(one), f"would stand beside {path.name}") for one in twins]


def _said(panel: Panel) -> list[str]:
    """Return the lines of the `.dtt`: every item's text with the first expert, the first item's with every expert."""
    rows = latest(panel)
    percents = (100 * rows["probability"]).round().astype(int)
    cells = zip(rows["expert"], rows["question"], percents, strict=True)
    said = dict(zip(cells, map(six_digits, rows["number"]), strict=True))
    levels = sorted(set(percents))
    names = dict(zip(panel.experts["expert"], panel.experts["name"], strict=True))
    lines = []
    for number, (expert, name) in enumerate(names.items(), 1):
        for known in _items(panel):
            first = known.number == "1"
            values = tuple(said.get((expert, known.item, level), BLANK) for level in levels)
            text = known.text if number == 1 or first else ""
            own = name if first and name != expert else ""
            lines.append(Assessment(str(number), expert, known.number, known.item, known.scale, values, text, own))
    return [header_line(levels), *map(assessment_line, lines)]


def _items(panel: Panel) -> list[Realisation]:
    """Return what the `.rls` says of each item."""
    columns = (panel.questions[name] for name in ("question", "text", "scale", "realisation"))
    return [
        Realisation(
            number=str(number),
            item=item,
            value=BLANK if isnan(truth) else six_digits(truth),
            scale=TOKENS[scale],
            text=text if text != item else "",
        )
        for number, (item, text, scale, truth) in enumerate(zip(*columns, strict=True), 1)
    ]
