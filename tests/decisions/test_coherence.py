import numpy as np
import pytest

from blackball.decisions.coherence import coherence

from ..synthetic import coherence_of, draws_of, encoded_of, fit_of


def table_of(rows, cells):
    return coherence(fit_of({"x": draws_of(np.full(8, 0.1))}, encoded=encoded_of(cells), coherence=coherence_of(rows)))


def test_probabilities_come_back_to_the_natural_scale():
    logit = np.log([0.2 / 0.8, 0.05 / 0.95])
    row = table_of([("ann", "doom", "p1; p2", *logit, False)], [{"judged": "doom"}]).iloc[0]
    assert row["implied"] == pytest.approx(0.2)
    assert row["stated"] == pytest.approx(0.05)
    assert row["ratio"] == pytest.approx(0.25)
    assert (row["expert"], row["premises"], row["repeats"]) == ("ann", "p1; p2", False)


def test_each_conclusion_has_its_own_link():
    cells = [
        {"judged": "years", "support": "positive", "upper_bound": np.inf},
        {"judged": "share", "support": "bounded", "lower_bound": 2.0, "upper_bound": 4.0},
    ]
    rows = [("ann", "share", "p", 0.0, 0.0, True), ("ben", "years", "p", np.log(3), np.log(6), False)]
    table = table_of(rows, cells)
    assert table["implied"].tolist() == pytest.approx([3.0, 3.0])
    assert table["stated"].tolist() == pytest.approx([3.0, 6.0])


def test_no_arguments_no_rows():
    table = table_of([], [{"judged": "doom"}])
    assert len(table) == 0
    assert "ratio" in table
