"""Many tasks in processes: what fails, dies or is interrupted stops nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from blackball.inference.panels.run import DIED, run_all
from blackball.inference.settings import quiet

DONE = [{"done": True}]
SLOW = """
import signal, sys
sys.path.insert(0, {root!r})
signal.signal(signal.SIGINT, signal.default_int_handler)
import blackball.inference.panels.run as run
from blackball.inference.settings import quiet
from tests.inference.panels.test_run import Toy, play
run.run_task = play
if __name__ == "__main__":
    try:
        run.run_all([(Toy("sleep", {flag!r} + str(n)), None) for n in range(50)], {workers}, quiet)
    except KeyboardInterrupt:
        print("interrupted")
"""


class Toy:
    """A task that dies always or once, fails, sleeps, or is done at once."""

    def __init__(self, does: str, flag: str = "") -> None:
        self.does, self.flag, self.method = does, flag, "equal"
        self.folds: tuple[int, ...] = (1,) if does == "dies" else ()
        self.panel = self
        self.judgements = "long" if does == "dies" else ""


def play(task: Toy, file: None) -> list[dict[str, bool]]:
    if task.does == "dies" or (task.does == "dies once" and not Path(task.flag).exists()):
        if task.flag:
            Path(task.flag).touch()
        os._exit(1)
    if task.does == "fails":
        raise ValueError("no luck")
    if task.does == "sleep":
        Path(task.flag).touch()
        sleep(1)
    return DONE


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blackball.inference.panels.run.run_task", play)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_fails_is_told_and_stops_nothing(workers: int) -> None:
    told: list[tuple[int, int]] = []
    jobs = [(Toy(does), None) for does in ("done", "fails", "done")]
    outcomes = run_all(jobs, workers, lambda _, done, total: told.append((done, total)))
    assert outcomes == [DONE, "ValueError: no luck", DONE]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_worker_that_dies_once_is_tried_again(tmp_path: Path) -> None:
    jobs = [(Toy("dies once", str(tmp_path / "flag")), None), (Toy("done"), None)]
    assert run_all(jobs, 2, quiet) == [DONE, DONE]


def test_a_task_that_kills_its_worker_stops_no_other() -> None:
    jobs = [(Toy(does), None) for does in ("done", "dies", "done", "done", "dies", "done")]
    assert run_all(jobs, 2, quiet) == [DONE, DIED, DONE, DONE, DIED, DONE]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_ends_it_at_once(tmp_path: Path, workers: int) -> None:
    script = tmp_path / "script.py"
    flag = str(tmp_path / "began")
    script.write_text(SLOW.format(root=str(Path(__file__).parents[3]), flag=flag, workers=workers))
    running = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    while not list(tmp_path.glob("began*")):
        sleep(0.05)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert said == "interrupted\n"
    assert len(list(tmp_path.glob("began*"))) < 5
