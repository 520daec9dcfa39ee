import numpy as np
import pymc as pm
import pytest
import xarray as xr

from blackball.decisions.break_even import break_even
from blackball.decisions.headlines import headlines
from blackball.errors import ModelError
from blackball.inference.cruxes import check_cruxes, cruxes, sweeps
from blackball.inference.derive import derived
from blackball.inference.prepare import prepare
from blackball.inference.prior import prior_draws
from blackball.inference.what_if import DRAWS, what_if
from blackball.mechanisms import contest, theft
from blackball.modelling import given, outcome, positive, probability, quantities, real
from blackball.panel import read_panel
from blackball.risk_model import model_from_source
from blackball.shipped import shipped
from tests.inference.two_regimes import two_regimes

REGIMES = two_regimes("times = 2")


@pytest.fixture(scope="module")
def model() -> pm.Model:
    """Theft in two regimes: one project is hit twice as hard, five are five chances, and dilution decides."""
    with pm.Model(coords={"regime": REGIMES.names}) as model:
        q = quantities(
            {
                "hazard": positive((0.1, 0.4), unit="per year", source="a test", varies=True),
                "dilution": probability((0.1, 0.9), source="a test"),
                "omega": real((-1, 1), unit="log odds", source="a test"),
            },
            REGIMES,
        )
        stolen = outcome("stolen", theft.any_breach(q["hazard"], given("projects", REGIMES), q["dilution"]))
        outcome("catastrophe", stolen * contest.win(1.0, 1.0, q["omega"], 1.0), headline=True)
    return model


@pytest.fixture(scope="module")
def draws(model: pm.Model) -> xr.Dataset:
    return prior_draws(model, DRAWS, 5)


def test_nothing_changed_is_the_posterior_itself(model, draws):
    same, known = what_if(model, draws, {}), derived(model, draws)
    xr.testing.assert_allclose(same["catastrophe"], known["catastrophe"], rtol=1e-12)


def test_a_quantity_is_changed_in_every_draw_and_all_else_is_kept(model, draws):
    found, known = what_if(model, draws, {"omega": 0.0}), derived(model, draws)
    xr.testing.assert_allclose(found["catastrophe"], (known["stolen"] / 2).rename("catastrophe"), rtol=1e-12)
    assert float(abs(found["catastrophe"] - known["catastrophe"]).max()) > 1e-3


def test_a_known_number_and_an_outcome_can_be_changed(model, draws):
    single = what_if(model, draws, {"projects": 1.0})["stolen"]
    hazard = derived(model, draws)["hazard"]
    np.testing.assert_allclose(single, -np.expm1(-hazard), rtol=1e-12)
    assert float(what_if(model, draws, {"stolen": 0.0})["catastrophe"].max()) == 0


def test_an_unknown_name_is_answered_with_the_valid_ones(model, draws):
    with pytest.raises(ModelError, match=r"'omgea' is no variable.*valid: .*omega"):
        what_if(model, draws, {"omgea": 0.0})


def test_what_no_outcome_depends_on_cannot_be_changed(draws):
    with pm.Model(coords={"regime": REGIMES.names}) as idle:
        q = quantities({"a": probability((0.1, 0.4), source="a test"), "b": probability((0.1, 0.4), source="a test")})
        outcome("half", q["a"] / 2, headline=True)
    with pytest.raises(ModelError, match=r"'b' is no variable.*valid: a, half"):
        what_if(idle, prior_draws(idle, 10, 1), {"b": 0.5})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dilution": 1.5}, r"dilution cannot be changed to 1.5: it must be a finite number in \[0, 1\]"),
        ({"hazard": -1.0}, r"hazard cannot be changed to -1.0: .* in \[0, inf\]"),
        ({"projects": -5.0}, "projects cannot be changed to -5.0"),
        ({"stolen": 2.0}, r"stolen cannot be changed to 2.0: .* in \[0, 1\]"),
        ({"omega": float("nan")}, "omega cannot be changed to nan"),
        ({"omega": [0.0, 1.0]}, "omega cannot be changed to "),
    ],
)
def test_a_value_that_a_variable_cannot_have_is_refused(model, draws, changes, message):
    with pytest.raises(ModelError, match=message):
        what_if(model, draws, changes)


@pytest.fixture(scope="module")
def swept(model, draws) -> xr.Dataset:
    return cruxes(sweeps(model, draws, ["dilution", "omega"]))


def test_a_crux_is_swept_through_its_prior(swept):
    low, *_, middle, _, _, _, high = swept["value"].sel(crux="dilution").values
    assert 0 < low < 0.1
    assert 0.9 < high < 1
    assert middle == pytest.approx(0.5, abs=1e-6)
    assert (swept["catastrophe"].sel(crux="omega").diff("step") > 0).all()


def test_at_the_break_even_the_regimes_are_as_risky(model, draws, swept):
    known = derived(model, draws)
    known["catastrophe"].attrs |= {"kind": "outcome", "headline": 1}
    fit = xr.DataTree.from_dict({"posterior": known, "cruxes": swept})
    rows = break_even(fit, headlines(fit)).set_index("crux")
    dilution = rows.loc["dilution"]
    risk = what_if(model, draws, {"dilution": float(dilution["value"])})["catastrophe"].mean(("chain", "draw"))
    # Five projects at d are 5^(1-d) times one, here equal to 2 where hazards are small.
    assert dilution["value"] == pytest.approx(1 - np.log(2) / np.log(5), abs=0.02)
    assert float(risk.sel(regime="one")) == pytest.approx(float(risk.sel(regime="many")), rel=2e-3)
    assert dilution["safer"] == "below"
    assert rows.loc["omega", "safer"] in ("everywhere", "nowhere")


def test_a_crux_must_be_one_number(model, draws):
    with pytest.raises(ModelError, match=r"CRUXES: 'hazard' is no quantity that is the same.*valid: dilution, omega"):
        sweeps(model, draws, ["hazard"])


def test_a_crux_bears_on_a_headline():
    with pm.Model() as idle:
        q = quantities({name: probability((0.1, 0.4), source="a test") for name in ("a", "b")})
        outcome("half", q["a"] / 2, headline=True)
        outcome("aside", q["b"] / 2)
    check_cruxes(idle, ["a"])
    with pytest.raises(ModelError, match="CRUXES: no headline outcome depends on 'b'"):
        check_cruxes(idle, ["b"])


def test_wrong_cruxes_are_told_before_anything_is_sampled():
    source = shipped("models").joinpath("urn.py").read_text(encoding="utf-8")
    panel = read_panel(shipped("data") / "urn")
    wrong = source.replace('PANEL = "urn"', 'PANEL = "urn"\nCRUXES = ["nosuch"]')
    with pytest.raises(ModelError, match="CRUXES: 'nosuch' is no quantity"):
        prepare(model_from_source("urn", "urn.py", wrong), panel)
    with pytest.raises(ModelError, match=r"urn.py: CRUXES is 'shared_fate'; it must be a list of names"):
        model_from_source("urn", "urn.py", source.replace('PANEL = "urn"', 'CRUXES = "shared_fate"'))
