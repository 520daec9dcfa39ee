"""Find what a panel holds that the files of Excalibur cannot."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from blackball.errors import Problem
from blackball.panel.excalibur.columns import EXPERT, ITEM, MOST, NAME, TEXT, is_missing, six_digits
from blackball.panel.excalibur.text import ENCODING
from blackball.panel.rounds import latest
from blackball.panel.schema import EXPERTS, JUDGEMENTS, QUESTIONS
from blackball.panel.table import as_table
from blackball.panel.typed import cell_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from blackball.panel.panel import Panel
    from blackball.panel.table import Table

    Mask = NDArray[np.bool_]

__all__ = ["misfits"]

BREAK = re.compile(r"[\x00-\x1f\x7f]")
TAKEN = "the format reads every number from -1000 to -990 as missing"


def misfits(panel: Panel) -> list[Problem]:
    """Find what a panel holds that the files of Excalibur cannot.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    list of Problem
        Empty if the panel can be written.  Rows are counted as `write_panel` writes them; of several rounds only the
        answers that count are looked at.
    """
    experts = as_table(panel.experts, EXPERTS, f"{panel.name}/experts")
    questions = as_table(panel.questions, QUESTIONS, f"{panel.name}/questions")
    return [
        *_texts(experts, {"expert": EXPERT, "name": NAME}),
        *_texts(questions, {"question": ITEM, "text": TEXT}),
        *questions.flag(_read_as_missing(panel.questions["realisation"]), "realisation", TAKEN),
        *_answers(panel),
    ]


def _texts(table: Table, room: dict[str, int]) -> list[Problem]:
    """Find texts that do not fit their columns; none is cut."""
    problems = []
    if len(table.cells) > MOST:
        problems.append(Problem(table.file, f"has {len(table.cells)} rows; the format numbers {MOST} at most"))
    for column, width in room.items():
        texts = table.cells[column]
        strange = [_strange(text) for text in texts]
        problems += table.flag(texts.str.len() > width, column, _room(width, texts.tolist()))
        problems += table.flag(strange, column, "the format holds Windows text (code page 1252) on one line")
    return problems


def _room(width: int, texts: Sequence[str]) -> Callable[[str], str]:
    def rule(text: str) -> str:
        clash = [other for other in texts if other != text and other[:width] == text[:width]]
        ending = f", in which it has to differ from {clash[0]!r}" if clash else ""
        return f"the format has room for {width} characters{ending}"

    return rule


def _strange(text: str) -> bool:
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return True
    return bool(BREAK.search(text))


def _read_as_missing(numbers: pd.Series[float]) -> Mask:
    return np.array([is_missing(float(f"{number:.5E}")) for number in numbers], dtype=bool)


def _answers(panel: Panel) -> list[Problem]:
    """Find answers that are not quantiles at the same whole percents."""
    frame, table = panel.judgements, as_table(panel.judgements, JUDGEMENTS, f"{panel.name}/judgements")
    counts = frame.index.isin(latest(panel).index)
    quantile = counts & (frame["form"] == "quantile").to_numpy()
    whole = (frame["probability"] == (100 * frame["probability"]).round() / 100).to_numpy()
    common = _common_levels(frame[quantile])
    elsewhere = quantile & whole & ~frame["probability"].isin(common).to_numpy()
    stated = ", ".join(f"{level:g}" for level in common)
    problems = [
        *table.flag(counts & (frame["regime"] != ""), "regime", "the format knows no regimes"),
        *table.flag(counts & (frame["given"] != ""), "given", "the format knows nothing that is given"),
        *table.flag(counts & ~quantile, "form", "the format holds answers of the form quantile alone"),
        *table.flag(quantile & ~whole, "level", "the format names levels in whole percents, such as 0.05"),
        *table.flag(elsewhere, "level", f"the format holds answers at the same levels, here {stated}"),
        *table.flag(quantile & _read_as_missing(frame["number"]), "value", TAKEN),
        *table.flag(_flat(frame, quantile), "value", "in the six digits of the format it is the same as a lower level"),
    ]
    return sorted(problems, key=lambda problem: problem.row or 0)


def _common_levels(quantiles: pd.DataFrame) -> list[float]:
    """Find the levels of most answers, among those with the most levels: an answer may lack some of them."""
    grouped = quantiles["probability"].groupby(cell_ids(quantiles))
    found = Counter(tuple(sorted(levels.tolist())) for _, levels in grouped)
    size = max(map(len, found), default=0)
    return next((list(levels) for levels, _ in found.most_common() if len(levels) == size), [])


def _flat(frame: pd.DataFrame, quantile: Mask) -> Mask:
    """Find quantiles that would be written as the one below them."""
    rows = frame[quantile]
    cell = cell_ids(rows)
    order = np.lexsort((rows["probability"], cell))
    texts = np.array([six_digits(number) for number in rows["number"]])
    flat = np.zeros(len(frame), dtype=bool)
    same = (cell[order][1:] == cell[order][:-1]) & (texts[order][1:] == texts[order][:-1])
    flat[np.flatnonzero(quantile)[order[1:][same]]] = True
    return flat
