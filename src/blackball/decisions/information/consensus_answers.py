"""Answers as the `consensus` foresees them: the truth, the panel's shared error, biases, and noise scaled by skill.

The error that all share on a question is that of the draw where the question has been judged, else a new one. A new
expert's bias and skill are drawn from the panel's, in a camp of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blackball.decisions.information.questions import NEW
from blackball.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from blackball.decisions.information.questions import Questions

__all__ = ["consensus_answers"]

NOISE_DEGREES = 4


def consensus_answers(
    fit: xr.DataTree, questions: Questions
) -> Callable[[str, str, np.random.Generator], xr.DataArray]:
    """Make the function that simulates answers; parameters and result as for `answers`.

    Raises
    ------
    ModelError
        If the fit does not hold each expert's bias and skill, as that of a panel of hundreds does not.
    """
    from blackball.modelling.experts.hyperpriors import constants

    posterior, camp_sd = fit["posterior"], constants()["camp_sd"]
    if "bias" not in posterior:
        raise ModelError(
            f"{fit.attrs['model']}: so many experts that their biases and skills are integrated out: what one of them "
            "would answer cannot be foreseen; fit a part of the panel to ask whom next"
        )
    value = posterior["recalibration"].transpose("chain", "draw", "hyperparameter")
    parameter = {str(name): value.sel(hyperparameter=name).to_numpy() for name in value["hyperparameter"].values}

    def own(name: str, dim: str, label: str) -> np.ndarray:
        return np.asarray(posterior[name].sel({dim: label}).transpose("chain", "draw").to_numpy())

    def answer(question: str, expert: str, rng: np.random.Generator) -> xr.DataArray:
        truth = questions.truth.sel(question=question, drop=True)
        row, shape = questions.table.loc[question], truth.shape
        alike = own("shared", "judged", question) if row["judged"] else rng.standard_t(parameter["shared_degrees"])
        if expert == NEW:
            bias = rng.normal(0.0, np.hypot(parameter["bias_sd"], camp_sd))
            skill = np.exp(rng.normal(0.0, parameter["skill_sd"]))
        else:
            bias, skill = own("bias", "expert", expert), own("skill", "expert", expert)
        scale = skill * np.hypot(parameter["width"] * row["width"], parameter["extra_width"])
        noise = scale * rng.standard_t(NOISE_DEGREES, size=shape)
        return truth.copy(data=truth.to_numpy() + parameter["shared_sd"] * alike + bias + noise)

    return answer
