import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from blackball.decisions.ranks import ranks

from ..synthetic import draws_of


def test_ties_share_a_draw():
    draws = np.array([[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.1, 0.1, 0.4], [0.1, 0.2, 0.2]])
    table = ranks(draws_of(draws, ("regime",), regime=["a", "b", "c"]).rename("risk")).set_index("regime")
    assert table["p_least"].tolist() == pytest.approx([2.5 / 4, 0.5 / 4, 1 / 4])
    assert table["p_most"].tolist() == pytest.approx([1 / 4, 0.5 / 4, 2.5 / 4])


@given(arrays(float, (8, 3, 2), elements=st.floats(0, 1)))
def test_ranks_are_probabilities_over_regimes(draws):
    cells = draws_of(draws, ("regime", "horizon"), regime=["a", "b", "c"], horizon=[1, 2]).rename("risk")
    totals = ranks(cells).groupby("at")[["p_least", "p_most"]].sum()
    assert np.allclose(totals, 1)


def test_nothing_to_rank_without_regimes():
    table = ranks(draws_of(np.full(8, 0.1)).rename("risk"))
    assert len(table) == 0
    assert list(table.columns) == ["outcome", "regime", "at", "p_least", "p_most"]
