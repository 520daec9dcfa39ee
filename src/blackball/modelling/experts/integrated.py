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

__all__ = ["Integrand", "Rounded", "node_logp"]


TOGETHER = 8
"""Questions whose distances are multiplied."""


@dataclass(frozen=True)
class Rounded:
    """Places of the questions and of the experts among whose answers to them some are censored.

    Few answers are, as a rule, and one of them costs far more than one that is not.
    """

    questions: Sequence[int]
    experts: Sequence[int]


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
    intervals : XTensorVariable
        dims `("feature", "judged", "expert")`: whether the answer is censored, as 1 or 0, and the low and the high end
        of the interval that it then stands for.
    rounded : Rounded
        Where answers may be censored.
    """

    centre: XTensorVariable
    of_camp: XTensorVariable
    spread: XTensorVariable
    skill_sd: XTensorVariable
    noise: XTensorVariable
    counts: XTensorVariable
    place: XTensorVariable
    location: XTensorVariable
    intervals: XTensorVariable
    rounded: Rounded

    def observe(self) -> None:
        """Create the observed variable `judgements`, whose log density is one number an expert."""
        inputs = self._inputs()

        def logp(value: TensorVariable, *given: TensorVariable) -> TensorVariable:
            # Who answers nothing says nothing, and a sum over nodes of the prior is not exactly 1.
            *_, counts, _, _ = given
            return pt.switch(counts.sum(0) > 0, pt.logsumexp(node_logp(self.rounded, value.T, *given), axis=0), 0.0)

        pm.CustomDist(
            "judgements",
            *inputs,
            logp=logp,
            signature="(q),(e),(e),(),(q,e),(q,e),(p,k,e),(f,q,e)->(e,q)",
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
        intervals = self.intervals.transpose("feature", "judged", "expert")
        parts = [self.centre, self.of_camp, self.spread, self.skill_sd, noise, counts, place, intervals]
        return [part.values for part in parts]


def node_logp(
    rounded: Rounded,
    said: TensorVariable,
    centre: TensorVariable,
    of_camp: TensorVariable,
    spread: TensorVariable,
    skill_sd: TensorVariable,
    noise: TensorVariable,
    counts: TensorVariable,
    place: TensorVariable,
    intervals: TensorVariable,
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
    usual = usual_log(noise, counts)
    # Nodes say how large skill and usual noise are together: that is what answers tell, whatever the parameters are.
    log_skill = log_scale - usual
    prior = _normal(bias - of_camp, spread) + _normal(log_skill, skill_sd) + log_weight
    points = counts
    if rounded.questions:
        points = counts * (1 - intervals[0])
        prior = _with_intervals(prior, rounded, centre, bias, noise, log_skill, intervals)
    precision = points / (2 * noise * pt.exp(-usual)) ** 2
    scales = (points * pt.log(noise)).sum(0) + points.sum(0) * (log_skill - LOG_T4)
    return prior - scales - 2.5 * _far(said - centre[:, None], precision, bias, pt.exp(-2 * log_scale))


def _far(gap: TensorVariable, precision: TensorVariable, bias: TensorVariable, times: TensorVariable) -> TensorVariable:
    """Return the sums of log(1 + squared distance) over questions, shape (node, expert).

    A logarithm takes ten times as long as a product, so it is taken of the product of some; a distance beyond 1e19
    would be needed to make that overflow.
    """
    some = _some(gap)[None] - bias[:, None, None, :]
    factors = 1 + some**2 * _some(precision)[None] * times[:, None, None, :]
    return pt.log(pt.prod(factors, axis=2, no_zeros_in_input=True)).sum(1)


def _some(rows: TensorVariable) -> TensorVariable:
    """Return rows some at a time, shape (-1, TOGETHER, expert), zeros behind the last."""
    missing = -rows.shape[0] % TOGETHER
    whole = pt.concatenate([rows, pt.zeros((missing, rows.shape[1]))])
    return whole.reshape((-1, TOGETHER, rows.shape[1]))


def _with_intervals(
    logp: TensorVariable,
    rounded: Rounded,
    centre: TensorVariable,
    bias: TensorVariable,
    noise: TensorVariable,
    log_skill: TensorVariable,
    intervals: TensorVariable,
) -> TensorVariable:
    """Add the log probabilities of censored answers' intervals."""
    questions, experts = np.asarray(rounded.questions), np.asarray(rounded.experts)
    censored, low, high = (intervals[part][questions][:, experts] for part in range(3))
    scale = noise[questions][:, experts] * pt.exp(log_skill[:, experts])[:, None, :]
    middle = centre[questions][:, None] + bias[:, experts][:, None, :]
    inside = t4_cdf((high - middle) / scale) - t4_cdf((low - middle) / scale)
    logs = censored * pt.log(pt.maximum(inside, np.finfo(float).tiny))
    return pt.inc_subtensor(logp[:, experts], logs.sum(1))


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
