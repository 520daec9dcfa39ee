"""One method on one panel: predict its folds one by one, and keep what is done."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from blackball.errors import InputError, Problem
from blackball.inference.kept import keep, kept
from blackball.inference.panels.methods import predictor
from blackball.inference.provenance import digest, hyperpriors_hash
from blackball.inference.settings import Settings
from blackball.panel import Panel, fingerprint
from blackball.pools import Distribution, answers_of, events_of, score_event, score_quantity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import xarray as xr

    from blackball.inference.panels.folds import Fold

type Row = dict[str, Any]

__all__ = ["Row", "Task", "is_done", "keep_rows", "run_task"]


@dataclass(frozen=True)
class Task:
    """One method on one panel.

    Attributes
    ----------
    panel : Panel
    method : str
    folds : tuple of Fold
    settings : Settings
    hyper : Dataset or None
        Population values of an expert model instead of the shipped ones.
    """

    panel: Panel
    method: str
    folds: tuple[Fold, ...]
    settings: Settings
    hyper: xr.Dataset | None = None

    def key(self, versions: str) -> str:
        """Return a name for what this computes: equal for equal inputs and versions, and for no others."""
        parts = [
            self.panel.name,
            fingerprint(self.panel),
            self.method,
            repr(self.folds),
            repr(self.settings),
            "" if self.hyper is None else json.dumps(self.hyper.to_dict()),
            hyperpriors_hash(),
            versions,
        ]
        return digest("\n".join(parts))[:24]


def run_task(task: Task, file: Path | None = None) -> list[Row]:
    """Predict and score every fold that is not done yet.

    Parameters
    ----------
    task : Task
    file : Path, optional
        Where results are kept, one line a fold: a run that was stopped goes on where it was.

    Returns
    -------
    list of dict
        One a prediction: panel, method, fold, question, and its scores.

    Raises
    ------
    BlackballError
        If the method cannot work with the panel.
    """
    done = kept(file)
    score = None
    for number, fold in enumerate(task.folds):
        if number not in done:
            score = score or _scorer(task)
            done[number] = score(number, fold)
            keep(file, number, done[number])
    if not any(done.values()):
        rule = f"`{task.method}` predicts nothing here: it is for events, or for quantities, and there are none"
        raise InputError([Problem(task.panel.name, rule)])
    return [row for number in sorted(done) for row in done[number]]


def is_done(task: Task, file: Path | None) -> bool:
    """Whether every fold of a task is kept in a file."""
    return len(kept(file)) == len(task.folds)


def keep_rows(file: Path | None, rows: list[Row]) -> None:
    """Keep what `run_task` returned elsewhere as if it had been done here."""
    done = kept(file)
    for number in sorted({row["fold"] for row in rows} - done.keys()):
        keep(file, number, [row for row in rows if row["fold"] == number])


def _scorer(task: Task) -> Callable[[int, Fold], list[Row]]:
    predict = predictor(task.method, task.panel, task.settings, task.hyper)
    answers, events = answers_of(task.panel), events_of(task.panel)

    def score(number: int, fold: Fold) -> list[Row]:
        place = {"panel": task.panel.name, "method": task.method, "fold": number}
        rows = []
        for question, predicted in predict(fold.train, fold.test).items():
            if isinstance(predicted, Distribution):
                truth = answers.realisations[answers.questions.index(question)]
                scored = asdict(score_quantity(predicted, float(truth), answers.levels))
            else:
                scored = asdict(score_event(predicted, float(events.outcomes[events.questions.index(question)])))
            rows.append({**place, "question": question, **scored})
        return rows

    return score
