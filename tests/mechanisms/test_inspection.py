from functools import partial

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from blackball.errors import ModelError
from blackball.mechanisms import evaluate, inspection

from .slopes import slopes

probabilities = st.floats(0, 1)
channels = st.lists(probabilities, min_size=3, max_size=3).map(lambda values: xr.DataArray(values, dims="channel"))
RUNS = 100_000
EXPERTS = 8
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


def test_copies_in_more_experts_are_seen_more_often():
    eight = partial(inspection.redundancy, experts=EXPERTS)
    q = evaluate(eight, {"copies": xr.DataArray([0.0, 2.0, 8.0], dims="case")})
    assert q.to_numpy().tolist() == [0.0, 0.25, 1.0]
    with pytest.raises(ModelError, match=r"copies is 9: it must lie in \[0, 8\]"):
        eight(9)
    with pytest.raises(ModelError, match=r"copies is 8\.5: it must lie in \[0, 8\]"):
        evaluate(eight, {"copies": 8.5})


@pytest.mark.parametrize("experts", [0, -2, 1.5])
def test_experts_are_a_whole_number(experts):
    with pytest.raises(ModelError, match=rf"experts is {experts}: it must be a whole number of at least 1"):
        inspection.redundancy(0, experts)


def test_nothing_is_seen_outside_the_scheme():
    missed = evaluate(inspection.miss_outside, {"miss": 0.3, "outside": xr.DataArray([0.0, 0.5, 1.0], dims="case")})
    np.testing.assert_allclose(missed, [0.3, 0.65, 1.0])


def test_false_alarms_add_up():
    specificity = xr.DataArray([0.99, 0.95], dims="channel")
    assert float(evaluate(inspection.halted_aligned, {"specificity": specificity})) == pytest.approx(0.0595)


@settings(deadline=None)  # the first example compiles
@given(channels, channels, st.tuples(probabilities, probabilities, probabilities))
def test_one_more_channel_catches_more_and_halts_more(first, second, shares):
    both = xr.concat([first, second], dim="channel")
    assert miss(both) <= miss(first)
    halted = [float(evaluate(inspection.halted_aligned, {"specificity": s})) for s in (first, both)]
    assert 0 <= halted[0] <= halted[1] + 1e-15 <= 1 + 1e-15
    written = dict(zip(("monitor", "in_forward_pass", "obfuscated"), shares, strict=True))
    assert 0 <= float(evaluate(inspection.chain_of_thought, written)) <= shares[0]


def test_induced_goals_are_weaker_evidence():
    known = {"today": 0.9, "transfer": 0.5}
    assert float(evaluate(inspection.sensitivity_ahead, known)) == pytest.approx(0.45)
    assert float(evaluate(inspection.sensitivity_ahead, known | {"induced": 0.4})) == pytest.approx(0.18)


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


WRONG = [
    (inspection.miss, {"sensitivity": 0.5}),
    (inspection.miss_when_watched, {"aware": 0.5, "sensitivity_aware": 0.5, "sensitivity": 0.5}),
    (inspection.miss_of_types, {"sophisticated": 0.5, "miss_sophisticated": 0.5, "miss_naive": 0.5}),
    (inspection.miss_outside, {"miss": 0.5, "outside": 0.5}),
    (inspection.chain_of_thought, {"monitor": 0.5, "in_forward_pass": 0.5, "obfuscated": 0.5}),
    (inspection.routed_probe, {"probe": 0.5, "redundancy": 0.5}),
    (inspection.halted_aligned, {"specificity": 0.5}),
    (inspection.sensitivity_ahead, {"today": 0.5, "transfer": 0.5, "induced": 0.5}),
]


@pytest.mark.parametrize(("mechanism", "known"), WRONG, ids=lambda of: getattr(of, "__name__", ""))
def test_what_is_no_probability_is_refused_by_name(mechanism, known):
    half = xr.DataArray([0.5, 0.5], dims="channel")
    for name in known:
        for value in (-0.1, 1.1):
            told = rf"{name} is {value}: it must lie in \[0, 1\]"
            with pytest.raises(ModelError, match=told):
                mechanism(**{**dict.fromkeys(known, half), name: half + value - 0.5})


def random_scheme(rng):
    """Draw a scheme of inspection: behavioural tests, monitoring of the chain of thought, a probe, control."""
    names = (
        "sophisticated", "aware", "outside", "tested", "tested_aware", "monitor", "in_forward_pass", "obfuscated",
        "probe", "controlled",
    )  # fmt: skip
    scheme = dict(zip(names, rng.uniform(0.2, 0.8, size=len(names)), strict=True))
    return scheme | {"tested_aware": 0.2 * scheme["tested"], "copies": float(rng.integers(1, EXPERTS))}


def share_missed(scheme, rng):
    """Inspect misaligned systems one by one.

    A naive system is never aware and reasons in the open; an aware one evades tests and control alike.
    """

    def happens(chance):
        return rng.random(RUNS) < chance

    sophisticated = happens(scheme["sophisticated"])
    aware = sophisticated & happens(scheme["aware"])
    caught = happens(np.where(aware, scheme["tested_aware"], scheme["tested"]))
    hidden = sophisticated & (happens(scheme["in_forward_pass"]) | happens(scheme["obfuscated"]))
    caught |= ~hidden & happens(scheme["monitor"])
    carriers = np.argsort(rng.random((RUNS, EXPERTS)), axis=1)[:, : int(scheme["copies"])]
    active = rng.integers(EXPERTS, size=RUNS)
    caught |= (carriers == active[:, None]).any(axis=1) & happens(scheme["probe"])
    caught |= ~aware & happens(scheme["controlled"])
    return (~caught | happens(scheme["outside"])).mean()


def missed(*, watched):
    """Compose the channels, from a statement of what awareness does to them."""

    def compose(
        sophisticated, aware, outside, tested, tested_aware, monitor, in_forward_pass, obfuscated, probe, controlled,
        copies,
    ):  # fmt: skip
        probed = inspection.routed_probe(probe, inspection.redundancy(copies, EXPERTS))
        thought = inspection.chain_of_thought(monitor, in_forward_pass, obfuscated)

        def along(*channels):
            return sum(value * xr.DataArray(np.eye(4)[place], dims="channel") for place, value in enumerate(channels))

        unaware, knowing = along(tested, thought, probed, controlled), along(tested_aware, thought, probed, 0.0)
        naive = inspection.miss(along(tested, inspection.chain_of_thought(monitor, 0.0, 0.0), probed, controlled))
        inside = inspection.miss_of_types(sophisticated, watched(aware, knowing, unaware), naive)
        return inspection.miss_outside(inside, outside)

    return compose


def watched_channel_by_channel(aware, sensitivity_aware, sensitivity):
    """Mis-stated: each channel meets a system that is aware or not as if it were another system."""
    return inspection.miss(aware * sensitivity_aware + (1 - aware) * sensitivity)


STATED = missed(watched=inspection.miss_when_watched)
BLINDED_ONE_BY_ONE = missed(watched=watched_channel_by_channel)


def standard_errors_off(mechanism):
    off = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        scheme = random_scheme(rng)
        share = share_missed(scheme, rng)
        off.append(abs(float(evaluate(mechanism, scheme)) - share) / np.sqrt(share * (1 - share) / RUNS))
    return np.array(off)


def test_the_closed_form_is_the_simulated_inspection():
    assert (standard_errors_off(STATED) < 4).all()


def test_awareness_channel_by_channel_is_found_out():
    assert (standard_errors_off(BLINDED_ONE_BY_ONE) > 4).any()


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (inspection.miss, (0.3,), "sensitivity"),
        (inspection.miss_when_watched, (0.3, 0.3, 0.3), "sensitivity_aware"),
        (inspection.halted_aligned, (0.3,), "specificity"),
    ],
)
def test_channels_without_their_dim_are_refused(function, arguments, name):
    with pytest.raises(ModelError, match=f"{name} has no dim 'channel'; it has: none"):
        function(*arguments)


def test_a_truth_value_is_no_number_of_experts():
    with pytest.raises(ModelError, match="experts is True: it must be a whole number of at least 1"):
        inspection.redundancy(1.0, True)
    assert float(inspection.redundancy(1.0, np.int64(4)).eval()) == 0.25
