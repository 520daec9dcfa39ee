from __future__ import annotations

from blackball.panel import against_regimes

ROWS = """ann,doom,pause,quo,,ratio,,.5,s
ann,doom,puase,,,point,,.1,s
bob,doom,pause,status,,ratio,,.5,s
cyd,doom,,cause,,point,,.5,s
"""


def test_unknown_regimes_and_references_are_located(panel):
    read = panel(ROWS)
    problems = against_regimes(read, ["quo", "pause"])
    places = [(p.file, p.row, p.column, p.value) for p in problems]
    file = f"{read.name}/judgements"
    assert places == [(file, 3, "regime", "puase"), (file, 4, "given", "status")]
    assert "did you mean 'pause'" in problems[0].rule
    assert "quo, pause" in problems[1].rule


def test_known_regimes_are_no_problem(panel):
    assert against_regimes(panel(ROWS), ["quo", "pause", "puase", "status"]) == []


def test_a_model_without_regimes_is_told_once_with_the_first_place(panel):
    (problem,) = against_regimes(panel(ROWS), [])
    assert (problem.row, problem.column, problem.value) == (2, "regime", "pause")
    assert "compares no regimes, but 5 cells name one" in problem.rule
