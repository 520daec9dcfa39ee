"""Priors mean what they say, and regimes shift them as stated."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
from scipy import stats

from blackball.errors import ModelError
from blackball.inference.derive import derived
from blackball.inference.prior import prior_draws
from blackball.modelling import bounded, positive, probability, quantities, real
from blackball.regimes import Regimes
from blackball.regimes.read import parse_regimes

DRAWS = 8000
COMMON = 'title = "t"\njurisdiction = "j"\nstart = 2027\nduration = "d"\nheld_fixed = "h"\n'
REGIMES = (
    'reference = "base"\n'
    f"[regime.base]\n{COMMON}"
    f'[regime.known]\n{COMMON}[regime.known.shifts]\np = {{ odds = 2.0, source = "s" }}\n'
    f'[regime.unsure]\n{COMMON}[regime.unsure.shifts]\np = {{ odds = [0.5, 8.0], source = "s" }}\n'
)


def prior(table: dict[str, object], regimes: Regimes | None = None) -> dict[str, np.ndarray]:
    coords = {} if regimes is None else {"regime": regimes.names}
    with pm.Model(coords=coords) as model:
        quantities(table, regimes)
    found = derived(model, prior_draws(model, DRAWS, 11))
    return {str(name): found[name].values[0] for name in found}


@pytest.mark.parametrize(
    ("quantity", "low", "high"),
    [
        (probability((0.01, 0.3), source="s"), 0.01, 0.3),
        (positive((0.5, 40), unit="u", source="s"), 0.5, 40),
        (real((-4, 1), unit="u", source="s"), -4, 1),
        (bounded((12, 18), (10, 20), unit="u", source="s"), 12, 18),
    ],
)
def test_the_interval_holds_ninety_percent(quantity: object, low: float, high: float) -> None:
    draws = prior({"x": quantity})["x"]
    error = np.sqrt(0.05 * 0.95 / DRAWS)
    assert abs((draws < low).mean() - 0.05) < 4 * error
    assert abs((draws > high).mean() - 0.05) < 4 * error


def test_a_quantity_by_label_has_its_own_interval_for_each() -> None:
    draws = prior({"v": probability({"a": (0.1, 0.2), "b": (0.7, 0.9)}, dim="bloc", source="s")})["v"]
    assert draws.shape == (DRAWS, 2)
    assert np.median(draws[:, 0]) < 0.2
    assert np.median(draws[:, 1]) > 0.7


def test_regimes_shift_the_odds_as_stated() -> None:
    draws = prior({"p": probability((0.1, 0.5), source="s", varies=True)}, parse_regimes(REGIMES, "r.toml"))["p"]
    log_odds = np.log(draws) - np.log1p(-draws)
    shift = log_odds - log_odds[:, :1]
    spread = 0.25  # half-normal scale; its second moment is the square of the scale
    known, unsure = shift[:, 1], shift[:, 2]
    sd = np.log(16) / (2 * stats.norm.ppf(0.95))
    assert abs(known.mean() - np.log(2)) < 4 * known.std() / np.sqrt(DRAWS)
    assert known.var() == pytest.approx(spread**2, rel=0.15)
    assert abs(unsure.mean() - np.log(2)) < 4 * unsure.std() / np.sqrt(DRAWS)
    assert unsure.var() == pytest.approx(sd**2 + spread**2, rel=0.1)
    assert (shift[:, 0] == 0).all()


@pytest.mark.parametrize(
    "wrong",
    [
        probability((0.3, 0.1), source="s"),
        probability((0.0, 0.1), source="s"),
        positive((-1, 1), unit="u", source="s"),
        probability((0.1, 1.5), source="s"),
    ],
)
def test_an_impossible_prior_is_refused_by_name(wrong: object) -> None:
    with pytest.raises(ModelError, match=r"^x: the prior .* must be the central 90 % interval"):
        prior({"x": wrong})


def test_labels_and_dim_go_together() -> None:
    with pytest.raises(ModelError, match="`dim`"):
        prior({"x": probability({"a": (0.1, 0.2)}, source="s")})


def test_varying_without_regimes_is_refused() -> None:
    with pytest.raises(ModelError, match="no regimes"):
        prior({"x": probability((0.1, 0.2), source="s", varies=True)})


def test_a_shift_of_the_wrong_kind_is_refused() -> None:
    text = REGIMES.replace("odds = 2.0", "times = 2.0")
    with pytest.raises(ModelError, match="`odds`, not by `times`"):
        prior({"p": probability((0.1, 0.5), source="s", varies=True)}, parse_regimes(text, "r.toml"))
