import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from blackball.mechanisms import evaluate, inspection

from .slopes import slopes

probabilities = st.floats(0, 1)
channels = st.lists(probabilities, min_size=3, max_size=3).map(lambda values: xr.DataArray(values, dims="channel"))
SLOPES = slopes(inspection.miss_when_watched, aware=(), sensitivity_aware=("channel",), sensitivity=("channel",))


def miss(sensitivity):
    return float(evaluate(inspection.miss, {"sensitivity": sensitivity}))


def watched(aware, sensitivity_aware, sensitivity):
    arguments = {"aware": aware, "sensitivity_aware": sensitivity_aware, "sensitivity": sensitivity}
    return float(evaluate(inspection.miss_when_watched, arguments))


def test_channels_multiply_and_a_perfect_one_misses_nothing():
    assert miss(xr.DataArray([0.5, 0.2, 0.9], dims="channel")) == pytest.approx(0.04)
    assert miss(xr.DataArray([0.5, 1.0, 0.1], dims="channel")) == 0.0


@settings(deadline=None)  # the first example compiles
@given(channels, channels)
def test_without_awareness_channels_are_independent(sensitivity, aware):
    assert watched(0.0, aware, sensitivity) == miss(sensitivity)
    assert watched(1.0, aware, sensitivity) == miss(aware)


@settings(deadline=None)  # the first example compiles
@given(probabilities, channels, probabilities)
def test_awareness_never_helps_when_it_blinds(aware, sensitivity, blinding):
    assert watched(aware, sensitivity * blinding, sensitivity) >= miss(sensitivity) - 1e-12


def test_awareness_blinds_all_channels_at_once():
    seeing, blind = xr.DataArray([0.9, 0.9], dims="channel"), xr.DataArray([0.0, 0.0], dims="channel")
    assert watched(0.5, blind, seeing) == pytest.approx(0.505)
    channel_by_channel = miss(0.5 * seeing)
    assert channel_by_channel == pytest.approx(0.3025)


def test_types_mix():
    arguments = {"sophisticated": 0.25, "miss_sophisticated": 0.8, "miss_naive": 0.04}
    assert float(evaluate(inspection.miss_of_types, arguments)) == pytest.approx(0.23)


def test_chain_of_thought_sees_only_open_reasoning():
    arguments = {"monitor": 0.9, "in_forward_pass": 0.5, "obfuscated": 0.2}
    assert float(evaluate(inspection.chain_of_thought, arguments)) == pytest.approx(0.36)
    assert float(evaluate(inspection.chain_of_thought, arguments | {"in_forward_pass": 1.0})) == 0.0


def test_a_probe_sees_what_the_active_expert_carries():
    assert float(evaluate(inspection.routed_probe, {"probe": 0.8, "redundancy": 0.25})) == pytest.approx(0.2)


def test_false_alarms_add_up():
    specificity = xr.DataArray([0.99, 0.95], dims="channel")
    assert float(evaluate(inspection.halted_aligned, {"specificity": specificity})) == pytest.approx(0.0595)


@pytest.mark.parametrize("prior", [(1, 1), (2, 2), (8, 2), (2, 8)])
def test_a_failed_test_bounds_the_future_and_a_passed_one_does_not(prior):
    cells = (np.arange(400) + 0.5) / 400
    today, transfer = xr.DataArray(cells, dims="today"), xr.DataArray(cells, dims="transfer")
    ahead = evaluate(inspection.sensitivity_ahead, {"today": today, "transfer": transfer})
    believed = xr.DataArray(beta.pdf(cells, *prior), dims="transfer")

    def posterior(caught):
        weight = today**caught * (1 - today) ** (20 - caught) * believed
        weight = weight / weight.sum()
        mean = (ahead * weight).sum()
        return float(mean), float(((ahead - mean) ** 2 * weight).sum()) ** 0.5

    unsure, _ = posterior(10)
    none_caught, _ = posterior(0)
    _, spread = posterior(20)
    assert none_caught < 0.1 * prior[0] / sum(prior)
    assert none_caught < unsure / 5
    assert spread == pytest.approx(beta.std(*prior), rel=0.1)


@pytest.mark.parametrize("aware", [0.0, 0.5, 1.0])
def test_gradients_at_blind_and_perfect_channels_are_exact(aware):
    _, gradient = SLOPES(aware=aware, sensitivity_aware=[1.0, 0.0, 1.0], sensitivity=[1.0, 0.0, 0.25])
    np.testing.assert_allclose(gradient["sensitivity"], (1 - aware) * np.array([-0.75, 0.0, 0.0]))
    np.testing.assert_allclose(gradient["sensitivity_aware"], 0.0)
    assert gradient["aware"] == 0.0
