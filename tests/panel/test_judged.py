from __future__ import annotations

import math

import numpy as np

from blackball.panel.judged import judged_things, with_judged

ROWS = """bob,size,,,,point,,3,s
ann,doom,pause,,,point,,.1,s
ann,doom,pause,quo,,ratio,,.5,s
ann,doom,,not cause,,point,,.1,s
ann,doom,pause,cause,,point,,.1,s
ann,doom,,,,point,,.1,s
"""


def test_labels_follow_the_questions_and_name_what_is_judged(panel):
    read = panel(ROWS)
    things = judged_things(with_judged(read.judgements, read.questions), read.questions)
    assert things["label"].tolist() == [
        "doom",
        "doom given not cause",
        "doom | pause",
        "doom | pause / quo",
        "doom | pause given cause",
        "size",
    ]
    assert things["given"].tolist() == ["", "not cause", "", "", "cause", ""]
    assert things["reference"].tolist() == ["", "", "", "quo", "", ""]
    assert things["support"].tolist() == ["probability"] * 3 + ["positive", "probability", "positive"]
    assert things["upper_bound"].tolist() == [1, 1, 1, math.inf, 1, math.inf]
    assert things["realisation"].fillna(-1).tolist() == [-1] * 5 + [4]


def test_a_truth_is_not_that_of_a_ratio_or_a_condition(panel):
    read = panel("ann,size,,cause,,point,,3,s\nann,size,pause,quo,,ratio,,3,s\nann,size,,,,point,,3,s\n")
    things = judged_things(with_judged(read.judgements, read.questions), read.questions)
    truth = dict(zip(things["label"], things["realisation"], strict=True))
    assert truth["size"] == 4
    assert np.isnan([truth["size given cause"], truth["size | pause / quo"]]).all()


def test_labels_stay_unique_where_ids_look_like_labels(write):
    from blackball.panel import read_panel

    questions = "question,text,support,source\na,?,real,s\na | b,?,real,s\n"
    read = read_panel(write("ann,a,b,,,point,,1,s\nann,a | b,,,,point,,1,s\n", questions=questions))
    things = judged_things(with_judged(read.judgements, read.questions), read.questions)
    assert things["label"].tolist() == ["a | b", "a | b'"]
