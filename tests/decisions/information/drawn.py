"""Trees laid out as fits are, whose draws come from the prior: nothing is compiled or sampled."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pymc as pm
import xarray as xr

from blackball.inference.derive import derived
from blackball.inference.prior import prior_draws
from blackball.inference.tree import assemble
from blackball.modelling import judged, outcome, positive, probability, quantities
from blackball.panel import Panel
from tests.conftest import make_panel_in, quantiles
from tests.synthetic import diagnosis_of, regimes_of

SOURCE = "made for a test"
EXPERTS = [("ann", "x"), ("ben", "x"), ("cay", "x"), ("dan", "y"), ("eve", "y")]
MODEL = {"p": probability((0.05, 0.6), source=SOURCE), "q": probability((0.05, 0.6), source="illustrative: wide")}


@cache
def panel() -> Panel:
    """Five experts in two camps; p is judged by three, q by nobody, and r, a seed, by all."""
    answers = {
        ("ann", "p"): (0.05, 0.1, 0.3),
        ("ben", "p"): (0.2, 0.3, 0.4),
        ("dan", "p"): (0.1, 0.4, 0.7),
        **{(name, "r"): (0.1 + 0.03 * place, 0.3, 0.6) for place, (name, _) in enumerate(EXPERTS)},
    }
    rows = [row for (expert, question), values in answers.items() for row in quantiles(expert, question, values)]
    questions = [{"question": "p", "support": "probability"}]
    questions += [{"question": "r", "support": "probability", "realisation": 0.35}]
    with tempfile.TemporaryDirectory() as folder:
        return make_panel_in(Path(folder), rows, questions, EXPERTS)


@cache
def drawn(experts: str, draws: int = 2000) -> xr.DataTree:
    """Return a tree of prior draws: harm is both p and q."""
    with pm.Model() as model:
        q = quantities({**MODEL, "u": positive((1, 9), unit="years", source=SOURCE)})
        outcome("harm", q["p"] * q["q"], meaning="both happen", headline=True)
        judged(panel(), experts)
    draw = prior_draws(model, draws, seed=1)
    posterior = draw.merge(derived(model, draw))
    tree = assemble(_Made(model), {"posterior": posterior, "prior": posterior.isel(draw=slice(50))})
    tree["diagnosis"] = xr.DataTree(diagnosis_of("trusted"))
    tree.attrs |= {"verdict": "trusted", "seed": 1, "versions": "{}", "created": "2027-01-01T00:00:00+00:00"}
    return tree


class _Made:
    """What `assemble` reads of a prepared model."""

    def __init__(self, model: pm.Model) -> None:
        self.model, self.panel, self.regimes, self.experts = (
            model,
            panel(),
            None,
            model["judgements"].tag.judged.experts,
        )
        self.risk = self
        self.name, self.question, self.file, self.source, self.fingerprint = "made", "?", "made.py", "", "0"


def governed(experts: str) -> xr.DataTree:
    """Return the tree with a choice: under `open` harm is p, under `closed` it is q."""
    tree = drawn(experts).copy(deep=True)
    p, q = (tree["posterior"][name] for name in ("p", "q"))
    harm = xr.concat([p, q], dim=xr.DataArray(np.array(["open", "closed"], dtype=object), dims="regime", name="regime"))
    attrs = tree["posterior"]["harm"].attrs
    tree["posterior"] = (
        tree["posterior"].to_dataset().assign(harm=harm.transpose("chain", "draw", "regime").assign_attrs(attrs))
    )
    tree["regimes"] = xr.DataTree(regimes_of(["open", "closed"], {}))
    return tree
