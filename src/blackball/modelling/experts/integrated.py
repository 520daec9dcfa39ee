"""The likelihood of many experts' answers under `consensus`, each one's bias and skill integrated out.

Given where the answers to each question lie, and the parameters of the expert model, experts are independent: the
likelihood of all is a product over experts, each factor an integral over two numbers, bias and skill. With Student's t
it has no closed form, so it is a weighted sum over a few nodes (see `nodes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, pi

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pytensor.tensor import TensorVariable
from pytensor.xtensor import as_xtensor
from pytensor.xtensor.type import XTensorVariable

from blackball.modelling.experts.believed import Effect
from blackball.modelling.experts.students import LOG_T4, t4_cdf

__all__ = ["Integrand", "node_logp"]


@dataclass(frozen=True)
class Integrand:
    """What each expert's integral is over, and the data that it holds.

    Attributes
    ----------
    centre : XTensorVariable
        dims `("judged",)`: where answers lie, biases apart.
    of_camp, spread : XTensorVariable
        dims `("expert",)`: mean and standard deviation of the bias, given that of the camp.
    skill_sd : XTensorVariable
        Standard deviation of the logarithm of the skill's factor on the noise.
    noise : XTensorVariable
        dims `("judged", "expert")`: scale of the noise but for the skill.
    counts : XTensorVariable
        dims `("judged", "expert")`: 1 for an answer that counts, else 0.
    place : XTensorVariable
        dims `("part", "node", "expert")`: from `nodes`.
    location : XTensorVariable
        dims `("judged", "expert")`: stated medians, data.
    intervals : XTensorVariable or None
        dims `("interval", "rounded", "expert")`: whether the answer is censored, as 1 or 0, and the low and the high
        end of the interval that it then stands for; None if no answer is.
    rounded : sequence of int
        Places among the judged of the questions that have such answers.
    """

    centre: XTensorVariable
    of_camp: XTensorVariable
    spread: XTensorVariable
    skill_sd: XTensorVariable
    noise: XTensorVariable
    counts: XTensorVariable
    place: XTensorVariable
    location: XTensorVariable
    intervals: XTensorVariable | None
    rounded: Sequence[int]

    def observe(self) -> None:
        """Create the observed variable `judgements`, whose log density is one number an expert."""
        inputs = self._inputs()
        signature = "(q),(e),(e),(),(q,e),(q,e),(p,k,e)" + ("" if self.intervals is None else ",(i,r,e)")

        def logp(value: TensorVariable, *given: TensorVariable) -> TensorVariable:
            return pt.logsumexp(node_logp(self.rounded, value.T, *given), axis=0)

        pm.CustomDist(
            "judgements",
            *inputs,
            logp=logp,
            signature=f"{signature}->(e,q)",
            observed=self.location.transpose("expert", "judged").values,
            dims=("expert", "judged"),
        )

    def effects(self) -> dict[str, Effect]:
        """Return what answers say of each expert's `bias`, and of `log_skill`, the logarithm of the skill's factor."""
        said = self.location.transpose("judged", "expert").values
        share = pt.special.softmax(node_logp(self.rounded, said, *self._inputs()), axis=0)
        bias, log_scale, _ = (self.place.transpose("part", "node", "expert").values[part] for part in range(3))
        noise, counts = (one.transpose("judged", "expert").values for one in (self.noise, self.counts))
        return {"bias": _moments(share, bias), "log_skill": _moments(share, log_scale - usual_log(noise, counts))}

    def _inputs(self) -> list[TensorVariable]:
        """Return the inputs of `node_logp` after the first."""
        noise, counts = (one.transpose("judged", "expert") for one in (self.noise, self.counts))
        place = self.place.transpose("part", "node", "expert")
        parts = [self.centre, self.of_camp, self.spread, self.skill_sd, noise, counts, place]
        return [part.values for part in (*parts, *(() if self.intervals is None else (self.intervals,)))]


def node_logp(
    rounded: Sequence[int],
    said: TensorVariable,
    centre: TensorVariable,
    of_camp: TensorVariable,
    spread: TensorVariable,
    skill_sd: TensorVariable,
    noise: TensorVariable,
    counts: TensorVariable,
    place: TensorVariable,
    intervals: TensorVariable | None = None,
) -> TensorVariable:
    """Return the logarithm of each expert's integrand at the nodes, their weights included.

    Parameters
    ----------
    said : (judged, expert)
    rounded, centre, of_camp, spread, skill_sd, noise, counts, place, intervals
        Attributes of `Integrand` as plain tensors, dims in the order given there.

    Returns
    -------
    (node, expert)
    """
    bias, log_scale, log_weight = place[0], place[1], place[2]
    gap = said - centre[:, None]
    usual = usual_log(noise, counts)
    # Nodes say how large skill and usual noise are together: that is what answers tell, whatever the parameters are.
    log_skill = log_scale - usual
    prior = _normal(bias - of_camp, spread) + _normal(log_skill, skill_sd) + log_weight
    points, rest = counts, 0.0
    if intervals is not None:
        scale = noise[rounded][None] * pt.exp(log_skill)[:, None, :]
        past = gap[rounded] - said[rounded] - bias[:, None, :]
        inside = t4_cdf((intervals[2] + past) / scale) - t4_cdf((intervals[1] + past) / scale)
        rest = (intervals[0] * pt.log(pt.maximum(inside, np.finfo(float).tiny))).sum(1)
        points = pt.set_subtensor(counts[rounded], counts[rounded] * (1 - intervals[0]))
    precision = points / (2 * noise * pt.exp(-usual)) ** 2
    square = (gap[None] - bias[:, None, :]) ** 2 * precision[None] * pt.exp(-2 * log_scale)[:, None, :]
    scales = (points * pt.log(noise)).sum(0) + points.sum(0) * (log_skill - LOG_T4)
    return prior + rest - scales - 2.5 * pt.log1p(square).sum(1)


def usual_log(noise: TensorVariable, counts: TensorVariable) -> TensorVariable:
    """Return the mean logarithm of the noise of each expert's answers, shape (expert,); 0 without any."""
    return (counts * pt.log(noise)).sum(0) / pt.maximum(counts.sum(0), 1)


def _normal(value: TensorVariable, sd: TensorVariable) -> TensorVariable:
    return -0.5 * (value / sd) ** 2 - pt.log(sd) - 0.5 * log(2 * pi)


def _moments(share: TensorVariable, at: TensorVariable) -> Effect:
    """Return mean and standard deviation over nodes."""
    mean = (share * at).sum(0)
    sd = pt.sqrt((share * (at - mean) ** 2).sum(0))
    return Effect(as_xtensor(mean, dims=("expert",)), as_xtensor(sd, dims=("expert",)))
