from __future__ import annotations

import pytest

from blackball.cli.weights import parse_weights
from blackball.errors import InputError


@pytest.mark.parametrize(
    ("texts", "weights"),
    [
        ([], None),
        (["catastrophe=1"], {"catastrophe": 1.0}),
        (["catastrophe=1", " power_concentration = .25 "], {"catastrophe": 1.0, "power_concentration": 0.25}),
        (["a=1e3"], {"a": 1000.0}),
    ],
)
def test_pairs_are_read(texts, weights):
    assert parse_weights(texts) == weights


@pytest.mark.parametrize("text", ["catastrophe", "catastrophe=", "=1", "catastrophe=much", "a=1=2", ""])
def test_what_is_no_pair_is_told(text):
    with pytest.raises(InputError) as caught:
        parse_weights(["fine=1", text])
    (problem,) = caught.value.problems
    assert (problem.file, problem.value) == ("--weight", text)
    assert "OUTCOME=NUMBER" in problem.rule


def test_all_bad_pairs_and_repeats_are_told():
    with pytest.raises(InputError) as caught:
        parse_weights(["a=1", "b", "a=2", "c=x"])
    assert [problem.value for problem in caught.value.problems] == ["b", "a=2", "c=x"]
