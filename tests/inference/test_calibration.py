"""Simulation-based calibration: a model that is right passes, one that is wrong fails, P(catastrophe) included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from blackball.errors import InputError, ModelError, SetupError
from blackball.inference import Calibration, Settings, calibrate
from blackball.inference.calibration import simulator
from blackball.inference.calibration.simulate import simulate, simulated_answers
from blackball.inference.calibration.uniform import band, p_uniform, positions
from blackball.inference.on_cluster import on_cluster
from blackball.inference.parallel import Failed, finished, threads
from blackball.modelling import evidence, judged, probability, quantities
from blackball.panel import Panel
from blackball.risk_model import load_model
from tests.conftest import make_panel_in, quantiles

SIMULATIONS = 80
SHORT = Settings(draws=300, tune=200, chains=2)
ASKED = [
    {"question": "misaligned", "support": "probability"},
    {"question": "any_misaligned", "support": "probability", "at": "draws=10"},
    {"question": "seed", "support": "real", "realisation": 1.2},
    {"question": "happened", "support": "probability", "realisation": 1},
]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    rows = [
        row
        for expert, shift in (("a", 0.7), ("b", 1.0), ("c", 1.3))
        for question, values in (("misaligned", (0.02, 0.08, 0.25)), ("any_misaligned", (0.05, 0.2, 0.5)))
        for row in quantiles(expert, question, [value * shift for value in values])
    ]
    rows += quantiles("a", "seed", [-1, 1, 3]) + quantiles("b", "seed", [0, 2, 4])
    rows += [
        {"expert": name, "question": "happened", "form": "point", "value": p} for name, p in (("a", 0.7), ("b", 0.4))
    ]
    return make_panel_in(tmp_path_factory.mktemp("calibration"), rows, ASKED, ["a", "b", "c"])


@pytest.fixture(scope="module")
def found(panel: Panel) -> dict[str, Calibration]:
    return {
        experts: calibrate(
            load_model("urn"), panel, None, threads(2), experts=experts, simulations=SIMULATIONS, settings=SHORT
        )
        for experts in ("consensus", "mixture")
    }


@pytest.mark.parametrize("experts", ["consensus", "mixture"])
def test_a_model_that_is_right_passes(found: dict[str, Calibration], experts: str) -> None:
    calibration = found[experts]
    assert calibration.verdict == "calibrated"
    assert calibration.ranks.shape[0] == SIMULATIONS
    assert {"misaligned", "shared_fate", "any_misaligned[draws=10]"} <= set(calibration.ranks)
    assert any(label.startswith("recalibration[") for label in calibration.ranks)
    assert calibration.ranks.to_numpy().min() >= 0
    assert calibration.ranks.to_numpy().max() <= 100


def test_answers_that_lie_elsewhere_than_the_model_says_fail(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    def shifted(expected: xr.Dataset, rng: np.random.Generator) -> xr.DataArray:
        return simulated_answers(expected, rng) + 1.5

    monkeypatch.setattr("blackball.inference.calibration.simulate.simulated_answers", shifted)
    monkeypatch.setattr("blackball.inference.made._MADE", {})
    wrong = calibrate(load_model("urn"), panel, None, threads(2), experts="consensus", simulations=60, settings=SHORT)
    assert wrong.verdict == "failed"
    failed = wrong.table[~wrong.table["passed"]].set_index("label")
    assert failed.loc["misaligned", "mean"] < 0.3


def test_the_mixture_is_the_density_of_what_is_simulated_for_it() -> None:
    """Ranks by numerical integration, no sampler in between: uniform with the model's density, not with another."""
    rng, count = np.random.default_rng(4), 700
    truth, weights = rng.normal(size=count), np.array([0.6, 0.3, 0.1])
    below, above, degrees = np.array([0.3, 0.8, 0.5]), np.array([0.9, 0.4, 0.5]), 6.0
    labels = {"judged": ["q"], "expert": list("abc")}
    grid = xr.DataArray(np.zeros((count, 1, 3)), dims=("draw", "judged", "expert"), coords=labels)
    expected = xr.Dataset(
        {
            "centre": grid + truth[:, None, None],
            "below": grid + above,  # whose density of the truth is wide above states answers far below it
            "above": grid + below,
            "degrees": ("draw", np.full(count, degrees)),
            "log_weight": grid + np.log(weights),
        }
    )
    stated = simulated_answers(expected, rng).values[:, 0, :]
    axis = np.linspace(-6, 6, 401)

    def positions_with(weight: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        gap = axis - stated[..., None]
        scale = np.where(gap < 0, low[:, None], high[:, None])
        density = 2 / (low + high)[:, None] * stats.t.pdf(gap / scale, degrees)
        posterior = stats.norm.pdf(axis) * (weight[:, None] * density).sum(axis=1)
        mass = np.cumsum(posterior, axis=1) / posterior.sum(axis=1, keepdims=True)
        return np.array([np.interp(value, axis, row) for value, row in zip(truth, mass, strict=True)])

    assert p_uniform(positions_with(weights, below, above)) > 0.01
    assert p_uniform(positions_with(weights, above, below)) < 0.001
    assert p_uniform(positions_with(weights[::-1], below, above)) < 0.001


def test_counts_and_events_are_simulated_from_their_chances(panel: Panel) -> None:
    with pm.Model(coords={"draws": [10]}) as model:
        q = quantities({"misaligned": probability((0.05, 0.6), source="s")})
        evidence("caught", q["misaligned"], events=3, trials=50)
        judged(_only(panel, ["misaligned", "happened"]), "consensus")
    truths, data = simulate(model, 400, 3)
    counts, rate = data["caught_events"].values, _on_natural_scale(model, truths)
    z = (counts - 50 * rate) / np.sqrt(50 * rate * (1 - rate))
    assert counts.dtype == np.int32
    assert abs(z.mean()) < 4 / np.sqrt(400)
    assert abs(z.std() - 1) < 0.2
    assert abs(((counts - 50 * rate[::-1]) / np.sqrt(50 * rate * (1 - rate))).std() - 1) > 0.5
    assert set(np.unique(data["event_outcome"])) == {0.0, 1.0}


def _only(panel: Panel, questions: list[str]) -> Panel:
    return replace(panel, judgements=panel.judgements[panel.judgements["question"].isin(questions)])


def _on_natural_scale(model: pm.Model, truths: xr.Dataset) -> np.ndarray:
    from blackball.inference.derive import derived

    return derived(model, truths)["misaligned"].values[0]


def test_uniform_numbers_are_uniform_and_others_are_not() -> None:
    rng = np.random.default_rng(6)
    p = np.array([p_uniform(row) for row in rng.random((400, 60))])
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert p_uniform(rng.beta(1, 1.8, 200)) < 0.001
    assert p_uniform(rng.beta(2, 2, 400)) < 0.001
    assert stats.kstest(positions(rng.integers(0, 101, 2000), 100, rng), "uniform").pvalue > 0.01


def test_the_band_holds_uniform_numbers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    points, low, high = band(60, 0.1)
    rows = np.sort(rng.random((2000, 60)), axis=1)
    inside = []
    for row in rows:
        gap = np.searchsorted(row, points, side="right") / 60 - points
        inside.append(bool(((gap >= low - 1e-12) & (gap <= high + 1e-12)).all()))
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)


def test_a_run_that_was_stopped_goes_on(panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def go(count: int = 20) -> Calibration:
        return calibrate(
            load_model("urn"), panel, None, threads(1), simulations=count, settings=SHORT, folder=tmp_path / "kept"
        )

    calls: list[int] = []
    _fake_simulator(monkeypatch, lambda number: calls.append(number) or _fake(number))
    whole = go()
    (file,) = (tmp_path / "kept").glob("urn.mixture.*.jsonl")
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:12]) + lines[12][:20])
    again = go()
    assert calls == [*range(20), *range(12, 20)]
    pd.testing.assert_frame_equal(whole.ranks, again.ranks)
    go(21)
    assert len(list((tmp_path / "kept").iterdir())) == 2


def _fake_simulator(monkeypatch: pytest.MonkeyPatch, rank: Callable[[int], dict[str, object]]) -> None:
    monkeypatch.setattr("blackball.inference.made._MADE", {})
    monkeypatch.setattr(simulator, "Simulator", lambda simulation: SimpleNamespace(rank=rank))


def _fake(number: int) -> dict[str, object]:
    return {"ranks": {"misaligned": 5 * number}, "ess": 400.0, "divergences": 0}


def test_a_simulation_that_fails_is_told(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(number: int) -> dict[str, object]:
        if number % 2:
            raise ModelError("the sampler fell over")
        return _fake(number)

    _fake_simulator(monkeypatch, fails)
    found = calibrate(load_model("urn"), panel, None, threads(1), simulations=20, settings=SHORT)
    assert found.verdict == "failed"
    assert found.failures["number"].tolist() == list(range(1, 20, 2))
    assert set(found.failures["reason"]) == {"the sampler fell over"}
    with pytest.raises(InputError, match="simulations has 3: must be a whole number of at least 20"):
        calibrate(load_model("urn"), panel, None, threads(1), simulations=3)


def test_a_cluster_that_does_not_answer_is_told() -> None:
    with pytest.raises(SetupError, match=r"cluster 'tcp://127.0.0.1:9': no Dask scheduler answers there"):
        on_cluster("tcp://127.0.0.1:9")
    with pytest.raises(SetupError, match=r"cluster 'nonsense://x': no Dask scheduler answers there"):
        on_cluster("nonsense://x")


def test_jobs_run_on_a_cluster() -> None:
    from dask.distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, protocol="tcp://", host="127.0.0.1", dashboard_address=None
    ) as local:
        done = dict(finished(_half, [2, 4, 5], on_cluster(local.scheduler_address)))
    assert {place: done[place] for place in (0, 1)} == {0: 1, 1: 2}
    assert done[2] == Failed("5 is odd")
    with (
        LocalCluster(n_workers=0, processes=False, protocol="tcp://", host="127.0.0.1", dashboard_address=None) as idle,
        pytest.raises(SetupError, match="the scheduler has no workers"),
    ):
        on_cluster(idle.scheduler_address)


def _half(number: int) -> int:
    if number % 2:
        raise ModelError(f"{number} is odd")
    return number // 2
