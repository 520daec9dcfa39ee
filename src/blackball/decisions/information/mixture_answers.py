"""Answers as the `mixture` foresees them: the truth is drawn from the answer of one of the experts.

It is this expert with the share of the weight on the question that the answer would have. The answer then lies at the
truth of the draw less an error of its recalibrated width: nothing else is known of where experts answer. If it is
another expert, the answer says nothing of the truth, and lies where it would in some other draw. It looks the same
either way.

This is a joint distribution of truths and answers, so that what is expected of the answers is what is believed now. An
update with a real answer m weighs draws by 1 - s + s f(truth - m) / F(truth), with the share s, the answer's density f
and that of the whole panel F; this one by 1 - s + s f(truth - m) / p(m), with the density p of answers. The two agree
where the panel's density is smooth over the width of an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.decisions.information.questions import NEW

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr
    from numpy.typing import NDArray

    from blackball.decisions.information.questions import Questions

    Floats = NDArray[np.float64]

__all__ = ["mixture_answers", "share_of_weight"]


def mixture_answers(fit: xr.DataTree, questions: Questions) -> Callable[[str, str, np.random.Generator], xr.DataArray]:
    """Make the function that simulates answers; parameters and result as for `answers`."""
    value = fit["posterior"]["recalibration"].transpose("chain", "draw", "hyperparameter")
    parameter = {str(name): value.sel(hyperparameter=name).to_numpy() for name in value["hyperparameter"].values}
    share = share_of_weight(fit, questions)

    def answer(question: str, expert: str, rng: np.random.Generator) -> xr.DataArray:
        truth = questions.truth.sel(question=question, drop=True)
        width = parameter["width"] * questions.table.loc[question, "width"]
        noise = np.hypot(width, parameter["extra_width"]) * rng.standard_t(parameter["degrees"])
        around = truth.to_numpy() - noise
        elsewhere = rng.permutation(around.ravel()).reshape(around.shape)
        informs = rng.random(around.shape) < share(question, expert)
        return truth.copy(data=np.where(informs, around, elsewhere))

    return answer


def share_of_weight(fit: xr.DataTree, questions: Questions) -> Callable[[str, str], Floats]:
    """Make the function that gives the share of the weight on a question that one more answer would have.

    Parameters
    ----------
    fit : xarray.DataTree
    questions : Questions

    Returns
    -------
    callable
        Takes a question and an expert of `to_ask`; returns an array (chain, draw) in [0, 1], 1 where nobody has
        answered. A new expert counts as a usual one of the panel, in a camp of their own.
    """
    encoded = fit["encoded"].to_dataset()
    experts, camps = (encoded[name].values.tolist() for name in ("expert", "camp"))
    logs = np.log(fit["posterior"]["weight"].transpose("chain", "draw", "expert").to_numpy())
    value = fit["posterior"]["recalibration"].transpose("chain", "draw", "hyperparameter")
    narrow, off_centre = (value.sel(hyperparameter=[name]).to_numpy() for name in ("narrow", "off_centre"))
    # Of an answer of the usual width, which is neither narrow nor wide.
    usual = logs + off_centre * encoded["off_centre"].values
    table = fit["constant_data"]["answers"]
    discount = _camp_discount()

    def share(question: str, expert: str) -> Floats:
        if not questions.table.loc[question, "judged"]:
            return np.ones(logs.shape[:2])
        own, width, off = (
            table.sel(judged=question, feature=name).to_numpy() for name in ("own", "narrow", "off_centre")
        )
        others = own + narrow * width + off_centre * off + logs
        if expert == NEW:
            weight = np.exp(usual.mean(axis=2))
        else:
            place = experts.index(expert)
            # The log weight of an answer that does not count is so low that its weight is 0.
            mates = (np.array(camps) == camps[place]) & (np.exp(own) > 0)
            count = int(mates.sum())
            others = others + np.where(mates, discount(count + 1) - discount(max(count, 1)), 0.0)
            weight = np.exp(usual[:, :, place] + discount(count + 1))
        return np.asarray(weight / (weight + np.exp(others).sum(axis=2)))

    return share


def _camp_discount() -> Callable[[int], float]:
    """Return what gives the log worth of each of so many answers of one camp, as the expert model has it."""
    from blackball.modelling.experts.hyperpriors import constants

    correlation = constants()["camp_correlation"]
    return lambda count: -float(np.log1p((count - 1) * correlation))
