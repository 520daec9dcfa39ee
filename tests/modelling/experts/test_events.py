"""Events that happened or did not inform who counts, and how extreme the panel should be."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytensor.tensor as pt
import pytest
import xarray as xr
from scipy.special import expit, softmax

from blackball.modelling.experts.events import event_logp, happened

SAID = np.array([[0.8, 0.6, 0.3], [0.1, 0.2, 0.5]])
WEIGHT = np.array([1.0, -0.5, 0.2])


def events() -> xr.Dataset:
    logits = np.log(SAID / (1 - SAID))
    centre, unit = np.array([0.4, -0.2]), np.array([1.5, 0.7])
    return xr.Dataset(
        {
            "location": (("judged", "expert"), (logits - centre[:, None]) / unit[:, None]),
            "answered": (("judged", "expert"), [[True, True, True], [True, False, True]]),
            "centre": ("judged", centre),
            "unit": ("judged", unit),
            "realisation": ("judged", [np.inf, -np.inf]),
        },
        coords={"judged": ["rain", "snow"], "expert": ["a", "b", "c"]},
    )


def build() -> tuple[pm.Model, object]:
    with pm.Model(coords={"expert": ["a", "b", "c"]}) as model:
        logs = pmd.Data("logs", WEIGHT, dims="expert")
        return model, happened(logs, events(), pmd.Data("extremising", np.float64(1.7)))


@pytest.mark.parametrize("flattening", [0.0, 0.4, 1.0])
def test_the_panel_s_log_odds_are_the_weighted_mean_made_more_extreme(flattening: float) -> None:
    model, log_odds = build()
    found = log_odds.values.eval({model["flattening"]: np.array(flattening)})
    logits = np.log(SAID / (1 - SAID))
    first = 1.7 * softmax(flattening * WEIGHT) @ logits[0]
    second = 1.7 * softmax(flattening * WEIGHT[[0, 2]]) @ logits[1, [0, 2]]
    assert found == pytest.approx([first, second])


def test_an_outcome_has_the_probability_that_the_log_odds_say() -> None:
    said = pt.constant(np.array([0.7, 0.7, -2.0]))
    found = event_logp(pt.constant(np.array([1.0, 0.0, 1.0])), said, pt.constant(np.array([1.0, 1.0, 0.0]))).eval()
    assert found == pytest.approx([np.log(expit(0.7)), np.log(1 - expit(0.7)), 0.0])


def test_what_happened_is_observed() -> None:
    model, _ = build()
    assert model["event_outcome"].get_value().tolist() == [1.0, 0.0]
    assert [rv.name for rv in model.observed_RVs] == ["happened"]
