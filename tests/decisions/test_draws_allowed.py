import numpy as np
import pytest

from blackball.decisions import compare
from blackball.decisions.draws_allowed import draws_allowed
from blackball.reporting.table import render

from ..synthetic import draws_of, governed, regimes_of, ungoverned

RULE = {"kind": "outcome", "headline": 0, "stopping_dim": "draw_number", "tolerance": 0.05, "alpha": 0.2}


def ruled():
    """Half the posterior thinks the first draws bad, and every draw after makes the next one better or worse."""
    p = np.where(np.arange(1000)[:, None, None] < 500, 0.04, 0.06)
    tilt = np.array([[0.02, -0.1, -0.1], [-0.03, -0.03, -0.03], [0.0, 0.0, 0.0]])
    bad = draws_of(np.clip(p + tilt, 0.0, 1.0), ("regime", "draw_number"), regime=["worse", "safe", "split"])
    fit = governed()
    both = fit["posterior"].to_dataset()[["pace"]].assign(next_bad=bad.assign_attrs(RULE))
    outcome = draws_of(np.full((1000, 3), 0.1), ("regime",), regime=["worse", "safe", "split"])
    fit["posterior"] = both.assign(catastrophe=outcome.assign_attrs(kind="outcome", headline=1))
    fit["regimes"] = regimes_of(["worse", "safe", "split"], {})
    return fit


def test_the_rule_is_applied_in_each_regime():
    table = draws_allowed(ruled()).set_index("regime")
    assert table["allowed"].to_dict() == {"worse": 0, "safe": 3, "split": 0}
    assert table.loc["worse", "exceeds_next"] == 1
    assert np.isnan(table.loc["safe", "exceeds_next"])
    assert table.loc["split", "exceeds_next"] == pytest.approx(0.5)
    assert (table["most"] == 3).all()


def test_a_model_without_a_rule_has_no_table():
    assert len(draws_allowed(ungoverned())) == 0
    assert "stopping rule" not in render(compare(ungoverned()))


def test_the_table_says_how_many():
    text = render(compare(ruled()), 100)
    assert "How many draws the stopping rule allows" in text
    assert "3 or more" in text
    assert max(map(len, text.splitlines())) <= 100
