"""What is worth asking next, as tables for the terminal."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from blackball.reporting.headed import headed
from blackball.reporting.words import DAGGER, place_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd

    from blackball.decisions.information import Asking

__all__ = ["asking_tables"]

NEVER_ASKED = (
    "A question with 0 answers is worth the more for that: the expert model takes its first answer at full weight, "
    "even where others judged the same thing under another name."
)
NOTE = (
    "Gain: expected loss that choosing with the answer avoids, in the unit of the loss, ± its Monte Carlo error; ~ 0: "
    "not told from 0. Sharper: expected fall of the standard deviation of the losses. At most: the gain of knowing the "
    "answer exactly. An answer is one median of the width that is usual for the question, as the expert model has it."
)


def asking_tables(asking: Asking, top: int = 15) -> Group:
    """Lay out what is worth asking next.

    Parameters
    ----------
    asking : Asking
    top : int
        Rows of each table at most.

    Returns
    -------
    rich.console.Group
        What the loss is and what knowing everything is worth, the best questions with whom to ask, the best parameters,
        and what to bear in mind. 100 columns are enough.
    """
    parts: list[RenderableType] = [
        Text(_heading(asking)),
        _questions(asking, top),
        _parameters(asking, top),
        Text(NOTE, style="dim"),
        Text(NEVER_ASKED, style="dim"),
        *(Text(line, style="dim") for line in _illustrative(asking)),
    ]
    if asking.verdict == "failed":
        parts.append(Text("DIAGNOSTICS FAILED: do not use these numbers.", style="bold red"))
    return Group(*parts)


def _heading(asking: Asking) -> str:
    terms = (f"{weight:g} × {name.replace('_', ' ')}" for name, weight in asking.weights.items())
    loss = f"Loss: {' + '.join(terms)} {place_words(asking.at)}".strip()
    if not _chooses(asking):
        return f"{asking.model}. {loss}. There is nothing to choose from: what counts is how much surer one gets."
    best = asking.regimes.get(asking.now, asking.now)
    everything = _gain(asking.everything.gain, asking.everything.gain_mcse, told=True)
    return f"{asking.model}. {loss}. Least as things stand: {best}. Knowing everything would avoid {everything}."


def _chooses(asking: Asking) -> bool:
    return len(asking.regimes) > 1


def _questions(asking: Asking, top: int) -> Table:
    table = headed(f"Ask next: the best {min(top, len(asking.questions))} of {len(asking.questions)}")
    table.add_column("Ask", overflow="fold")
    table.add_column("about", ratio=1, overflow="fold")
    shown = asking.questions.head(top)
    costs = bool((asking.questions["cost"] > 0).any())
    headings = ["gain", "at most"] if _chooses(asking) else []
    for heading in [*headings, "sharper", *(["cost", "net"] if costs else []), "answers"]:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in shown.to_dict("records"):
        gains = [_gain(row["gain"], row["gain_mcse"], told=row["told"]), f"{row['most']:.2g}"]
        cells = [*(gains if _chooses(asking) else []), _share(row["sharper"], row["sharper_mcse"])]
        cells += [f"{row['cost']:.2g}", f"{row['net']:.2g}"] if costs else []
        table.add_row(row["expert"], f"{_asked(row)}{_mark(row)}", *cells, str(row["answers"]))
    return table


def _asked(row: Mapping[Hashable, Any]) -> str:
    """Return a judged question as the panel has it, any other by its variable, labels and regime."""
    if row["judged"]:
        return str(row["question"])
    return " | ".join(part for part in (f"{row['variable']} {place_words(row['at'])}".strip(), row["regime"]) if part)


def _mark(row: Mapping[Hashable, Any]) -> str:
    return DAGGER if row["illustrative"] else ""


def _parameters(asking: Asking, top: int) -> Table:
    told = _worth_something(asking.parameters)
    table = headed("Parameters, if known exactly")
    if len(told) < len(asking.parameters):
        table.caption = f"{len(asking.parameters) - len(told)} more: nothing told from 0"
    table.add_column("Parameter", ratio=1, overflow="fold")
    for heading in [*(["gain"] if _chooses(asking) else []), "sharper"]:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in told.head(top).to_dict("records"):
        gain = [_gain(row["gain"], row["gain_mcse"], told=row["told"])] if _chooses(asking) else []
        table.add_row(f"{row['parameter']}{_mark(row)}", *gain, _share(row["sharper"], row["sharper_mcse"]))
    return table


def _worth_something(parameters: pd.DataFrame) -> pd.DataFrame:
    return parameters[parameters["told"] | (parameters["sharper"] > 2 * parameters["sharper_mcse"])]


def _gain(gain: float, error: float, *, told: bool) -> str:
    """Write a gain with two digits of its error."""
    if not told:
        return "~ 0"
    digits = max(0, 1 - floor(log10(error))) if error > 0 else 4
    return f"{gain:.{digits}f} ± {error:.{digits}f}"


def _share(share: float, error: float) -> str:
    return f"{100 * share:.1f} ± {100 * error:.1f} %" if share > 2 * error else "~ 0 %"


def _illustrative(asking: Asking) -> list[str]:
    """Say what leans on illustrative numbers."""
    said = []
    if asking.questions["illustrative"].any() or asking.parameters["illustrative"].any():
        said.append(f"{DAGGER} what is believed of it now is illustrative, nobody's published view.")
    if asking.leans:
        said.append("The loss leans on illustrative numbers, and every gain with it.")
    elif asking.illustrative_priors or asking.illustrative_inputs:
        said.append("Illustrative priors or judgements enter every gain through the model.")
    return said
