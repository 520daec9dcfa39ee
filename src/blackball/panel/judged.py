"""List what a panel judges: questions, in a regime, given a crux or relative to a reference regime."""

from __future__ import annotations

import numpy as np
import pandas as pd

from blackball.panel.supports import bounds

__all__ = ["judged_things", "with_judged"]

KEYS = ["question", "regime", "given", "reference"]


def with_judged(judgements: pd.DataFrame, questions: pd.DataFrame) -> pd.DataFrame:
    """Say of each judgement what it judges, and sort the judgements by that.

    Parameters
    ----------
    judgements : pandas.DataFrame
        Typed judgements.
    questions : pandas.DataFrame
        Typed questions, whose order is that of the result.

    Returns
    -------
    pandas.DataFrame
        The judgements with `given` empty and `reference` the reference regime for a ratio, and a column
        `judged` that counts from 0 the combinations of question, regime, given and reference.  The order is
        the same whatever the order of the rows was.
    """
    ratio = judgements["form"] == "ratio"
    rows = judgements.assign(
        reference=judgements["given"].where(ratio, ""),
        given=judgements["given"].where(~ratio, ""),
        place=pd.Index(questions["question"]).get_indexer(judgements["question"]),
    )
    order = ["place", *KEYS[1:], "expert", "round", "level", "value"]
    rows = rows.sort_values(order, ignore_index=True)
    return rows.assign(judged=rows.groupby(["place", *KEYS[1:]], sort=True).ngroup()).drop(columns="place")


def judged_things(rows: pd.DataFrame, questions: pd.DataFrame) -> pd.DataFrame:
    """Describe what is judged.

    Parameters
    ----------
    rows : pandas.DataFrame
        Judgements as `with_judged` returns them.
    questions : pandas.DataFrame
        Typed questions.

    Returns
    -------
    pandas.DataFrame
        Index judged: label (unique), question, variable, at, regime, given, reference, support (`positive`
        for a ratio, which lives on the log scale), lower_bound and upper_bound (natural scale, infinite
        where there is none), realisation (natural scale; NaN unless the question itself is judged, not a
        ratio and not given anything).
    """
    columns = ["question", "variable", "at", "support", "lower", "upper", "realisation"]
    facts = questions[columns].set_index("question")
    things = rows.groupby("judged")[KEYS].first().join(facts, on="question")
    ratio = things["reference"] != ""
    things["support"] = things["support"].where(~ratio, "positive")
    ends = [bounds(*row) for row in zip(things["support"], things["lower"], things["upper"], strict=True)]
    things[["lower_bound", "upper_bound"]] = np.array(ends)
    plain = ~ratio & (things["given"] == "")
    things["realisation"] = things["realisation"].where(plain, np.nan)
    return things.drop(columns=["lower", "upper"]).assign(label=_labels(things))


def _labels(things: pd.DataFrame) -> list[str]:
    labels: list[str] = []
    for question, regime, given, reference in things[KEYS].to_numpy().tolist():
        label = str(question)
        label += f" | {regime}" if regime else ""
        label += f" / {reference}" if reference else ""
        label += f" given {given}" if given else ""
        while label in labels:  # ids may themselves look like labels
            label += "'"
        labels.append(label)
    return labels
