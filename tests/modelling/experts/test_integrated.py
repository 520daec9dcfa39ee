"""Experts integrated out: against numerical integration of the likelihood with bias and skill in it."""

from __future__ import annotations

import numpy as np
import pytensor
import pytest
import xarray as xr
from scipy import stats
from scipy.special import logsumexp

from blackball.modelling.experts.integrated import node_logp
from blackball.modelling.experts.nodes import nodes

QUESTIONS, EXPERTS = 30, 60
BIAS_SD, SKILL_SD = 0.3, 0.33
DIMS = ("judged", "expert")


def made(answers: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Simulate a panel in which everybody answers so many questions."""
    rng = np.random.default_rng(seed)
    shape = (QUESTIONS, EXPERTS)
    centre, noise = rng.normal(0, 0.7, QUESTIONS), np.hypot(0.5 * rng.lognormal(0, 0.5, shape), 0.6)
    bias, skill = BIAS_SD * rng.normal(size=EXPERTS), np.exp(SKILL_SD * rng.normal(size=EXPERTS))
    counts = (rng.permuted(np.arange(QUESTIONS)[:, None] * np.ones(shape), axis=0) < answers).astype(float)
    said = counts * (centre[:, None] + bias + skill * noise * rng.standard_t(4, shape))
    return {"centre": centre, "noise": noise, "counts": counts, "said": said}


def integrated(panel: dict[str, np.ndarray], **changed: object) -> np.ndarray:
    """Return the log likelihood of each expert."""
    said, counts, noise = (xr.DataArray(panel[name], dims=DIMS) for name in ("said", "counts", "noise"))
    place = nodes(said, counts, noise, (BIAS_SD, SKILL_SD)).values
    given = {
        "said": panel["said"],
        "centre": panel["centre"],
        "of_camp": np.zeros(EXPERTS),
        "spread": np.full(EXPERTS, BIAS_SD),
        "skill_sd": np.float64(SKILL_SD),
        "noise": panel["noise"],
        "counts": panel["counts"],
        "place": place,
    }
    inputs = [pytensor.tensor.as_tensor(value) for value in (given | changed).values()]
    return np.asarray(logsumexp(node_logp(*inputs).eval(), axis=0))


def by_grid(panel: dict[str, np.ndarray], spread: float = BIAS_SD, skill_sd: float = SKILL_SD) -> np.ndarray:
    """Integrate the likelihood with bias and skill in it, on a fine grid wider than either can be."""
    bias, logs = (np.linspace(-7 * sd, 7 * sd, 241) for sd in (spread, skill_sd))
    step = (bias[1] - bias[0]) * (logs[1] - logs[0])
    prior = stats.norm.logpdf(bias, 0, spread)[:, None] + stats.norm.logpdf(logs, 0, skill_sd)
    found = []
    for expert in range(EXPERTS):
        total = prior.copy()
        for question in np.flatnonzero(panel["counts"][:, expert]):
            scale = panel["noise"][question, expert] * np.exp(logs)
            gap = panel["said"][question, expert] - panel["centre"][question]
            total += stats.t.logpdf(gap - bias[:, None], 4, scale=scale)
        found.append(logsumexp(total) + np.log(step))
    return np.array(found)


if __name__ == "__main__":
    from blackball.modelling.experts import nodes as N
    import blackball.modelling.experts.nodes
    import sys
    N = sys.modules["blackball.modelling.experts.nodes"]
    for a in (0, 1, 3, 10, 30):
        p = made(a)
        g = by_grid(p)
        for side in ((3,3),(4,3),(4,4),(5,5)):
            N.SIDES = side
            d = integrated(p) - g
            print(a, side, "mean err %.5f sd %.5f max %.5f" % (d.mean(), d.std(), abs(d).max()))
