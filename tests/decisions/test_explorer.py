from importlib import import_module

import numpy as np
import pytest

from blackball.decisions.dependence import dependence
from blackball.decisions.explorer import explored, explorer
from blackball.decisions.reweigh import Belief
from tests.reporting.report.explorable import explorable
from tests.synthetic import governed


@pytest.fixture(scope="module")
def found():
    fit = explorable()
    return fit, explorer(fit, dependence(fit))


def test_the_quantities_that_outcomes_depend_on_most_come_first(found):
    _, shown = found
    assert shown.quantities.index.tolist()[:2] == ["pace", "misaligned"]
    assert shown.quantities.loc["pace", ["mean", "sd"]].tolist() == [-2.0, 1.2]


def test_who_believes_the_model_finds_the_answer_of_compare(found):
    fit, shown = found
    means = explored(shown, {})
    assert means["effective"].iloc[0] == pytest.approx(1000)
    exact = fit["posterior"]["catastrophe"].mean(("chain", "draw"))
    rows = means[means["outcome"] == "catastrophe"]
    expected = [float(exact.sel(regime=row.regime, horizon=int(row.at.split("=")[1]))) for row in rows.itertuples()]
    np.testing.assert_allclose(rows["mean"], expected, rtol=1e-6)  # draws travel in single precision


def test_who_believes_in_more_of_what_drives_risk_finds_more_risk(found):
    _, shown = found
    base, more, less = (explored(shown, {"pace": Belief(centre, 0.7)})["mean"] for centre in (0.0, 1.0, -1.0))
    catastrophe = shown.results["outcome"] == "catastrophe"
    assert (more[catastrophe] > base[catastrophe]).all()
    assert (less[catastrophe] < base[catastrophe]).all()


def test_draws_are_thinned_to_what_a_page_can_carry(found, monkeypatch):
    fit, shown = found
    module = import_module("blackball.decisions.explorer")  # the package names the function of the same name
    monkeypatch.setattr(module, "MOST_BYTES", 4 * 100 * (len(shown.results) + len(shown.quantities)))
    few = explorer(fit, dependence(fit))
    assert few.scores.sizes["sample"] == few.outcomes.sizes["sample"] == 100


def test_a_fit_without_quantities_to_weigh_has_nothing_to_explore():
    fit = governed()
    assert explorer(fit, dependence(fit)) is None
