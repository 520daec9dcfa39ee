from __future__ import annotations

import numpy as np
import pytest

from blackball.panel.quantiles import histogram_quantiles, quantiles
from blackball.panel.typed import cell_ids


def stated(panel, rows: str) -> list[tuple[float, float]]:
    said = panel(rows).judgements
    found = quantiles(said, cell_ids(said))
    return list(zip(found["level"].tolist(), found["value"].tolist(), strict=True))


def test_quantiles_are_themselves_in_order(panel):
    assert stated(panel, "ann,doom,,,,quantile,.9,.2,s\nann,doom,,,,quantile,.1,.05,s\n") == [
        (0.1, 0.05),
        (0.9, 0.2),
    ]


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("ann,doom,,,,point,,.03,s\n", 0.03),
        ("ann,doom,,,,odds,,1:19,s\n", 0.05),
        ("ann,doom,,,,odds,,3:1,s\n", 0.75),
        ("ann,doom,pause,quo,,ratio,,0.6,s\n", 0.6),
    ],
)
def test_single_numbers_are_medians(panel, row, value):
    [(level, median)] = stated(panel, row)
    assert level == 0.5
    assert median == pytest.approx(value, rel=1e-15)


def test_an_interval_is_three_quantiles(panel):
    parts = {"high": 0.3, "confidence": 0.8, "best": 0.1, "low": 0.03}
    rows = "".join(f"ann,doom,,,,interval,{part},{value},s\n" for part, value in parts.items())
    assert stated(panel, rows) == [(0.1, 0.03), (0.5, 0.1), (0.9, 0.3)]


def test_chips_are_quantiles_at_the_edges_between_bins(panel):
    chips = {"0:1": 1, "2:4": 1, "1:2": 2}
    rows = "".join(f"ann,size,,,,chips,{edges},{count},s\n" for edges, count in chips.items())
    assert stated(panel, rows) == [(0.25, 1.0), (0.75, 2.0)]


def test_a_gap_counts_as_its_middle():
    levels, values = histogram_quantiles([[0, 1], [3, 4], [4, 5], [5, 9]], [1, 1, 0, 2])
    assert levels.tolist() == [0.25, 0.5]
    assert values.tolist() == [2.0, 4.5]


@pytest.mark.parametrize(
    ("bins", "counts"),
    [
        ([[0, 1], [1, 2], [2, 3]], [0, 7, 0]),
        ([[1, 2]], [1]),
        ([[0, 1], [1, 2]], [0, 3]),
        ([[1, 2], [2, 3]], [3, 0]),
    ],
)
def test_chips_in_one_bin_are_uniform_there(bins, counts):
    levels, values = histogram_quantiles(bins, counts)
    assert levels.tolist() == [0.05, 0.5, 0.95]
    assert values.tolist() == pytest.approx([1.05, 1.5, 1.95])


def test_chips_in_two_bins_are_uniform_in_each():
    levels, values = histogram_quantiles([[0, 1], [1, 3]], [1, 3])
    assert levels.tolist() == [0.05, 0.5, 0.95]
    assert values.tolist() == pytest.approx([0.2, 1 + 2 * (0.25 / 0.75), 1 + 2 * (0.7 / 0.75)])
    assert np.all(np.diff(values) > 0)
