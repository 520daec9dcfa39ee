import pytest

from blackball.decisions import compare

from ..synthetic import CATASTROPHE, draws_of, fit_of, governed, regimes_of, ungoverned, urn


def test_a_comparison_holds_every_table():
    comparison = compare(governed(), {"catastrophe": 1})
    assert comparison.reference == "status_quo"
    assert len(comparison.outcomes) == len(comparison.leans) == len(comparison.ranks) == 24
    assert len(comparison.pairs) == 15 * 4
    assert len(comparison.combined) == 18
    assert comparison.weights == {"catastrophe": 1}
    assert comparison.diagnosis["name"].tolist() == ["r_hat", "ess_bulk", "divergences"]
    assert comparison.regimes["title"].iloc[0].startswith("Status quo")
    assert comparison.described["unit"].tolist() == ["probability", "probability"]


def test_results_and_what_they_lean_on_stand_row_by_row():
    comparison = compare(governed())
    keys = ["outcome", "regime", "at"]
    assert comparison.outcomes[keys].equals(comparison.leans[keys])


@pytest.mark.parametrize(("fit", "rows"), [(ungoverned(), 1), (urn(), 5)])
def test_a_model_without_regimes_has_no_reference(fit, rows):
    comparison = compare(fit)
    assert comparison.reference == ""
    assert len(comparison.outcomes) == rows
    assert comparison.outcomes["p_riskier"].isna().all()
    assert len(comparison.pairs) == len(comparison.ranks) == len(comparison.combined) == 0


def test_one_regime_is_its_own_reference():
    risk = draws_of([[0.1], [0.2], [0.3], [0.4]] * 4, ("regime",), regime=["a"]).assign_attrs(CATASTROPHE)
    comparison = compare(fit_of({"risk": risk}, regimes=regimes_of(["a"], {})))
    assert comparison.reference == "a"
    assert comparison.outcomes["mean"].tolist() == pytest.approx([0.25])
    assert comparison.outcomes["p_riskier"].isna().all()


def test_comparison_survives_the_disk(tmp_path):
    import xarray as xr

    fit = governed()
    fit.to_netcdf(tmp_path / "fit.nc", engine="netcdf4")
    with xr.open_datatree(tmp_path / "fit.nc", engine="netcdf4") as opened:
        again = compare(opened.load())
    first = compare(fit)
    assert again.outcomes.equals(first.outcomes)
    assert again.leans.equals(first.leans)
    assert again.diagnosis.equals(first.diagnosis)
