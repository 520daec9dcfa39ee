import re

import pytest

from blackball.decisions import compare
from blackball.reporting.table import render

from ..synthetic import TITLES, governed, ungoverned, urn


def test_every_regime_has_its_row_and_every_horizon_its_column():
    text = render(compare(governed()), 200)
    assert all(title in text for title in TITLES.values())
    assert all(f"by {year}" in text for year in (2030, 2050, 2100))
    assert "central 90 % posterior interval" in text
    assert "Power" in text


def test_numbers_are_those_of_the_comparison():
    comparison = compare(governed())
    row = comparison.outcomes.set_index(["regime", "at"]).loc[("status_quo", "horizon=2100")]
    mean, median = 100 * row["mean"], 100 * row["median"]
    assert f"{mean:.1f} ({median:.1f})" in render(comparison, 120)


@pytest.mark.parametrize("width", [100, 120])
@pytest.mark.parametrize("fit", [governed("failed"), ungoverned(), urn()])
def test_tables_fit_their_width(fit, width):
    text = render(compare(fit), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text


def test_leaning_results_carry_a_dagger_and_others_do_not():
    lines = render(compare(governed()), 200).splitlines()
    status_quo = next(line for line in lines if line.strip().startswith("Status quo"))
    open_race = next(line for line in lines if line.strip().startswith("Open race"))
    assert status_quo.count("†") == 1  # only power concentration
    assert open_race.count("†") == 4
    assert any(line.startswith("† leans on illustrative numbers") for line in lines)


def test_the_reference_is_not_riskier_than_itself():
    lines = render(compare(governed()), 200).splitlines()
    status_quo = next(line for line in lines if line.strip().startswith("Status quo"))
    assert re.search(r"\)\s+–\s", status_quo)


def test_a_failed_verdict_is_loud_and_says_what_to_do():
    text = render(compare(governed("failed")))
    assert "DIAGNOSTICS FAILED" in text
    assert "fail: r_hat 1.08 (limit 1.01): draw longer, or reparametrise" in text
    assert "DIAGNOSTICS FAILED" not in render(compare(governed()))


def test_incoherence_is_shown_where_there_is_any():
    text = render(compare(ungoverned()))
    assert "What experts' own premises imply" in text
    assert re.search(r"ann\s+conclusion\s+p1, p2\s+12 %\s+0\.67 %\s+0\.056", text)
    assert "premises imply" not in render(compare(governed()))


def test_a_model_without_regimes_has_one_row_a_result():
    text = render(compare(urn()))
    assert "P(any misaligned) draws = 10" in text
    assert "riskier" not in text


def test_weights_are_named_above_their_sum():
    text = render(compare(governed(), {"catastrophe": 1, "power_concentration": 0.5}))
    assert "Weighted sum: 1 x catastrophe + 0.5 x power_concentration" in text
