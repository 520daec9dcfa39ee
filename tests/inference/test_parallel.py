"""Many jobs in processes: what fails, dies or is interrupted stops nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from blackball.inference.parallel import DIED, Failed, Workers, finished, processes, threads

WAYS = pytest.mark.parametrize(
    "workers", [processes(1), processes(2), threads(2)], ids=["here", "processes", "threads"]
)
SLOW = """
import signal, sys
sys.path.insert(0, {root!r})
signal.signal(signal.SIGINT, signal.default_int_handler)
from blackball.inference.parallel import finished, processes
from tests.inference.test_parallel import play
if __name__ == "__main__":
    try:
        list(finished(play, [("sleep", {flag!r} + str(n)) for n in range(50)], processes({workers})))
    except KeyboardInterrupt:
        print("interrupted")
"""


def play(job: tuple[str, str]) -> str:
    """Do what a job says: die always or once, fail, sleep, or be done at once."""
    does, flag = job
    if does == "die" or (does == "die once" and not Path(flag).exists()):
        Path(flag).touch()
        os._exit(1)
    if does == "fail":
        raise ValueError("no luck")
    if does == "sleep":
        Path(flag).touch()
        sleep(1)
    return "done"


@WAYS
def test_what_fails_is_told_and_stops_nothing(workers: Workers) -> None:
    jobs = [(does, "") for does in ("be done", "fail", "be done")]
    outcomes = list(finished(play, jobs, workers))
    assert sorted(place for place, _ in outcomes) == [0, 1, 2]
    assert dict(outcomes) == {0: "done", 1: Failed("ValueError: no luck"), 2: "done"}


def test_a_worker_that_dies_once_is_tried_again(tmp_path: Path) -> None:
    flag = str(tmp_path / "flag")
    assert dict(finished(play, [("die once", flag), ("be done", flag)], processes(2))) == {0: "done", 1: "done"}


def test_a_job_that_kills_its_worker_stops_no_other(tmp_path: Path) -> None:
    jobs = [(does, str(tmp_path / "flag")) for does in ("be done", "die", "be done", "be done", "die", "be done")]
    died = Failed(DIED)
    outcomes = dict(finished(play, jobs, processes(2)))
    assert [outcomes[place] for place in range(6)] == ["done", died, "done", "done", died, "done"]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_ends_it_at_once(tmp_path: Path, workers: int) -> None:
    script = tmp_path / "script.py"
    flag = str(tmp_path / "began")
    script.write_text(SLOW.format(root=str(Path(__file__).parents[2]), flag=flag, workers=workers))
    running = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    while not list(tmp_path.glob("began*")):
        sleep(0.05)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert said.endswith("interrupted\n")
    assert len(list(tmp_path.glob("began*"))) < 6
