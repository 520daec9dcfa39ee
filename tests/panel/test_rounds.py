from __future__ import annotations

import pytest

from blackball.errors import InputError
from blackball.panel.rounds import latest

ROWS = """ann,doom,,,1,point,,0.1,s
ann,doom,,,3,point,,0.2,s
bob,doom,,,2,point,,0.3,s
ann,doom,,cause,1,point,,0.4,s
ann,doom,quo,,1,point,,0.5,s
"""


@pytest.mark.parametrize(
    ("round", "kept"),
    [(None, [0.2, 0.3, 0.4, 0.5]), (1, [0.1, 0.4, 0.5]), (2, [0.1, 0.3, 0.4, 0.5]), (9, [0.2, 0.3, 0.4, 0.5])],
)
def test_the_last_answer_to_each_question_counts(panel, round, kept):
    assert latest(panel(ROWS), round)["number"].tolist() == kept


def test_a_round_before_the_first_is_refused(panel):
    with pytest.raises(InputError, match="the first round is 2") as caught:
        latest(panel("ann,doom,,,2,point,,0.1,s\n"), 1)
    [problem] = caught.value.problems
    assert (problem.column, problem.value) == ("round", 1)
