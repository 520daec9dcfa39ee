"""Priors mean what they say, and regimes shift them as stated."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
from scipy import stats

from blackball.errors import ModelError
from blackball.inference.derive import derived
from blackball.inference.engine import compile_model
from blackball.inference.prior import prior_draws
from blackball.inference.what_if import what_if
from blackball.mechanisms import evaluate
from blackball.mechanisms.competence import shifted_positive, shifted_probability, shifted_real
from blackball.modelling import bounded, outcome, positive, probability, quantities, real
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


VARYING = {
    "p": probability((0.1, 0.5), source="s", varies=True),
    "x": positive((1, 4), unit="u", source="s", varies=True),
    "y": real((-1, 1), unit="u", source="s", varies=True),
}
LOADINGS = {"known": {"p": 0.6, "x": -0.4, "y": 0.5}, "unsure": {"p": 0.6, "x": 0.0, "y": 0.5}}


def loaded(loadings: dict[str, dict[str, float]]) -> Regimes:
    """Every regime shifts every quantity by a known effect that changes nothing, with loadings on competence."""
    none = {"p": "odds = 1", "x": "times = 1", "y": "plus = 0"}
    text = f'reference = "base"\n[regime.base]\n{COMMON}'
    for regime, own in loadings.items():
        text += f"[regime.{regime}]\n{COMMON}[regime.{regime}.shifts]\n"
        text += "".join(f"{name} = {{ {none[name]}, competence = {b}, source = 's' }}\n" for name, b in own.items())
    return parse_regimes(text, "r.toml")


def built(regimes: Regimes) -> pm.Model:
    with pm.Model(coords={"regime": regimes.names}) as model:
        q = quantities(VARYING, regimes)
        for name, value in q.items():
            outcome(f"{name}_out", 1.0 * value)
    return model


@pytest.fixture(scope="module")
def competent() -> pm.Model:
    return built(loaded(LOADINGS))


def correlations(model: pm.Model) -> tuple[float, float, float]:
    """Correlate what two regimes add to one quantity, what one adds to two, and both with no loading."""
    found = derived(model, prior_draws(model, DRAWS, 3)).isel(chain=0)
    p, x = np.log(found["p"] / (1 - found["p"])), np.log(found["x"])
    p, x = p - p.sel(regime="base"), x - x.sel(regime="base")
    pairs = [
        (p.sel(regime="known"), p.sel(regime="unsure")),
        (p.sel(regime="known"), x.sel(regime="known")),
        (p.sel(regime="known"), x.sel(regime="unsure")),
    ]
    one, two, none = (float(np.corrcoef(a, b)[0, 1]) for a, b in pairs)
    return one, two, none


def test_regimes_share_the_competence_of_their_government(competent: pm.Model) -> None:
    one, two, none = correlations(competent)
    spread, error = 0.25**2, 4 / np.sqrt(DRAWS)
    assert one == pytest.approx(0.36 / (0.36 + spread), abs=error)
    assert two == pytest.approx(-0.24 / np.sqrt((0.36 + spread) * (0.16 + spread)), abs=error)
    assert abs(none) < error


def test_without_loadings_regimes_do_not_move_together() -> None:
    assert max(map(abs, correlations(built(loaded({name: dict.fromkeys(VARYING, 0.0) for name in LOADINGS}))))) < (
        4 / np.sqrt(DRAWS)
    )


def test_a_file_without_loadings_builds_the_graph_it_always_did() -> None:
    model = built(loaded({name: dict.fromkeys(VARYING, 0.0) for name in LOADINGS}))
    assert [rv.name for rv in model.free_RVs] == ["latent", "regime_spread", "deviation"]
    assert {data.name for data in model.data_vars} == {"prior_mean", "prior_sd", "stated_shift", "stated_variance"}


def test_competence_shifts_as_the_mechanism_says(competent: pm.Model) -> None:
    draws = prior_draws(competent, 200, 5)
    ordinary, able = (what_if(competent, draws, {"government_competence": c}) for c in (0.0, 1.5))
    for name, mechanism in (("p", shifted_probability), ("x", shifted_positive), ("y", shifted_real)):
        at_zero = "probability" if name == "p" else "value"
        for regime, loading in [("base", 0.0), *((regime, own[name]) for regime, own in LOADINGS.items())]:
            value = ordinary[f"{name}_out"].sel(regime=regime)
            expected = evaluate(mechanism, {at_zero: value, "loading": loading, "competence": 1.5})
            np.testing.assert_allclose(able[f"{name}_out"].sel(regime=regime), expected, rtol=1e-9)


def test_competence_is_a_quantity_like_any_other(competent: pm.Model) -> None:
    quantity = competent["government_competence"].tag.quantity
    assert (quantity.support, quantity.unit, quantity.varies) == ("real", "standard deviations", False)
    assert quantity.elicited("government_competence")[""] == pytest.approx((0, 1))
    assert not quantity.source.startswith("illustrative")
    draws = prior_draws(competent, DRAWS, 7)["government_competence"]
    assert abs(float(draws.mean())) < 4 / np.sqrt(DRAWS)
    assert float(draws.std()) == pytest.approx(1, abs=4 / np.sqrt(2 * DRAWS))


def test_the_compiler_takes_competence(competent: pm.Model) -> None:
    engine = compile_model(competent)
    assert (engine.name, engine.reason) == ("flat", None)
