"""What an expert would say: one answer simulated for each posterior draw, as the fit's own expert model has it.

An answer is a median in the question's standard units, with the width that is usual for the question. Each answer
depends on the draw's truth; what else it depends on is noise, or the expert's own bias, that moves no other answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackball.decisions.information.consensus_answers import consensus_answers
from blackball.decisions.information.mixture_answers import mixture_answers
from blackball.decisions.information.questions import NEW
from blackball.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import xarray as xr

    from blackball.decisions.information.questions import Questions

    type Answer = Callable[[str, str, np.random.Generator], xr.DataArray]

__all__ = ["answers", "to_ask"]

SIMULATED = {"consensus": consensus_answers, "mixture": mixture_answers}


def answers(fit: xr.DataTree, questions: Questions) -> Answer:
    """Make the function that simulates answers.

    Parameters
    ----------
    fit : xarray.DataTree
    questions : Questions
        Of that fit.

    Returns
    -------
    callable
        Takes a question (a label of the table), an expert of `to_ask` and a random generator. Returns one answer for
        each draw: dims `("chain", "draw")`, in the question's standard units.

    Raises
    ------
    ModelError
        If the fit's expert model is neither `mixture` nor `consensus`.
    """
    experts = str(fit.attrs["experts"])
    if experts not in SIMULATED:
        raise ModelError(f"no expert model {experts!r} whose answers are foreseen; valid: {', '.join(SIMULATED)}")
    return SIMULATED[experts](fit, questions)


def to_ask(fit: xr.DataTree, questions: Questions, question: str) -> list[str]:
    """Return who can be asked: a new expert, and those of the panel who have not answered, if the panel was asked.

    A second answer of the same expert replaces the first and is no further one.
    """
    if not questions.table.loc[question, "judged"]:
        return [NEW]
    silent = ~fit["encoded"]["answered"].sel(judged=question).astype(bool)
    return [NEW, *(str(name) for name in silent["expert"].values[silent.values])]
