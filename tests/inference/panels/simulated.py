"""Panels simulated from the mixture: on every question the truth is drawn from one of the experts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from blackball.panel import Panel
from tests.conftest import make_panel_in, quantiles

WIDTH = 1.0
"""Standard deviation of every expert's stated distribution."""


def simulated_panel(
    folder: Path, weights: Sequence[float], seeds: int, rng: np.random.Generator, *, spread: float = 2.0
) -> Panel:
    """Simulate seeds on the real line, and one open question.

    Parameters
    ----------
    folder : Path
        Made for the panel's files.
    weights : sequence of float
        With what probability the truth is drawn from each expert.
    seeds : int
    rng : Generator
    spread : float
        Standard deviation of experts' medians about the middle of a question.
    """
    folder.mkdir(parents=True)
    experts = [f"e{place}" for place in range(len(weights))]
    rows, asked = [], []
    for number in range(seeds + 1):
        medians = rng.normal(0, spread, len(experts))
        chosen = rng.choice(len(experts), p=np.asarray(weights) / np.sum(weights))
        truth = medians[chosen] + 0.5 * WIDTH * rng.standard_t(4)
        name = f"q{number}"
        asked.append({"question": name, "support": "real", "realisation": truth if number < seeds else ""})
        for expert, median in zip(experts, medians.tolist(), strict=True):
            rows += quantiles(expert, name, [median + z * WIDTH for z in (-1.645, 0.0, 1.645)])
    return make_panel_in(folder, rows, asked, experts)
