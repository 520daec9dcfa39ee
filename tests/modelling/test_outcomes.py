import numpy as np
import pymc as pm
import pymc.dims as pmd
import pytest

from blackball.errors import ModelError
from blackball.modelling import outcome, stopping_rule
from blackball.modelling.outcomes import StoppingRule


@pytest.fixture
def bad():
    with pm.Model(coords={"draw_number": [1, 2]}):
        yield pmd.Data("p", np.array([0.1, 0.2]), dims="draw_number")


def test_an_outcome_knows_its_unit(bad):
    assert outcome("share", bad).tag.outcome.unit == "probability"
    assert outcome("count", bad * 10, unit="draws").tag.outcome.unit == "draws"


def test_a_stopping_rule_is_an_outcome_with_a_rule(bad):
    named = stopping_rule("next_bad", bad, over="draw_number", tolerance=0.05, alpha=0.1)
    assert named.tag.stopping == StoppingRule("draw_number", 0.05, 0.1)
    assert not named.tag.outcome.headline


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"over": "year"}, r"next_bad: has the dims \('draw_number',\), not 'year'"),
        ({"tolerance": 0.0}, r"next_bad: tolerance is 0: it must lie in \(0, 1\)"),
        ({"alpha": 1.5}, r"next_bad: alpha is 1.5: it must lie in \(0, 1\)"),
    ],
)
def test_an_impossible_rule_is_refused(bad, change, message):
    with pytest.raises(ModelError, match=message):
        stopping_rule("next_bad", bad, **{"over": "draw_number", "tolerance": 0.05, "alpha": 0.1, **change})
