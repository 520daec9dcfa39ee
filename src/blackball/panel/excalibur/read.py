"""Read a study of Excalibur as a panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackball.errors import InputError, Problem
from blackball.panel.columns import read_bytes
from blackball.panel.excalibur.dtt import assessments
from blackball.panel.excalibur.rls import realisations
from blackball.panel.excalibur.tables import tables
from blackball.panel.panel import panel_of

if TYPE_CHECKING:
    from blackball.panel.excalibur.columns import Assessment, Realisation
    from blackball.panel.panel import Panel

__all__ = ["is_excalibur", "read_excalibur"]


def is_excalibur(path: str | Path) -> bool:
    """Say whether a path is that of a study of Excalibur: a file, there or not, that ends in `.dtt` in any case."""
    return Path(path).suffix.lower() == ".dtt" and not Path(path).is_dir()


def read_excalibur(dtt: str | Path) -> Panel:
    """Read a study of Excalibur: a `.dtt` and, if it stands beside it, the `.rls` of the same name.

    Names of items and experts become the ids of questions and experts, the longer texts their `text` and `name`.  A
    value in [-1000, -990] is missing, and an item without a realisation is no seed.  The format does not say which
    values an item may have: it is `positive` on the log scale, and on the uniform scale where all answers and the
    realisation lie above 0 and the answers span more than a factor of ten; else it is `real`.  The question's `scale`
    is the item's all the same.  Of an answer that lacks some quantiles the others are kept, unless all that remains is
    a single one other than the median, which says nothing.

    Parameters
    ----------
    dtt : str or Path
        Windows text.  The `.rls` may write its name in any case.

    Returns
    -------
    Panel
        Named after the file, which is the source of every row.

    Raises
    ------
    InputError
        With every problem found in either file, each located by file, line and value.
    """
    file = str(dtt)
    percents, said, problems = assessments(read_bytes(dtt), file)
    if not said:
        raise InputError(problems or [Problem(file, "has no line below its header")])
    known, more = _known(Path(dtt), said)
    problems += more
    faulty = {problem.row for problem in problems if problem.file == file}
    sound = [one for one in said if one.line not in faulty]
    try:
        panel = panel_of(Path(dtt).stem, *tables(percents, sound, known, file, Path(dtt).name))
    except InputError as error:
        problems += error.problems if sound else []
    if problems:
        raise InputError(sorted(problems, key=lambda problem: (problem.file != file, problem.row or 0)))
    return panel


def _known(dtt: Path, said: list[Assessment]) -> tuple[list[Realisation], list[Problem]]:
    """Read the `.rls` beside a `.dtt`, if there is one."""
    try:
        beside = [one for one in dtt.parent.iterdir() if one.name.lower() == f"{dtt.stem}.rls".lower()]
    except OSError as error:
        return [], [Problem(str(dtt.parent), f"cannot be read: {error.strerror}")]
    if len(beside) > 1:
        rule = f"{len(beside)} files are called so beside {dtt.name}, in different case: keep one"
        return [], [Problem(str(one), rule) for one in sorted(beside)]
    scales: dict[str, str] = {}
    for one in said:
        scales.setdefault(one.item, one.scale)
    return realisations(read_bytes(beside[0]), str(beside[0]), scales) if beside else ([], [])
