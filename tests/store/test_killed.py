"""A writer that is killed at any moment leaves a whole study, old or new."""

from __future__ import annotations

import random
import subprocess
import sys

from blackball.store import open_study

KILLS = 200
# Forks a writer for each line it is told, and kills it after as many writes, or parts of one, as the line says.
KILLER = """
import os, signal, sys, time
from blackball.store import open_study

def write(folder, told, most):
    study = open_study(folder)
    with study.locked():
        fit = study.read()
        for state in range(fit.attrs["state"] + 1, fit.attrs["state"] + most + 1):
            started = time.perf_counter()
            fit["posterior"]["p"][:] = state
            fit.attrs["state"] = state
            study.write(fit)
            os.write(told, f"{time.perf_counter() - started}\\n".encode())

write(sys.argv[1], os.open(os.devnull, os.O_WRONLY), 1)  # imports what a writer needs
for line in sys.stdin:
    listening, told = os.pipe()
    writer = os.fork()
    if writer == 0:
        write(sys.argv[1], told, 10**6)
    os.close(told)  # so that a writer that fails is not waited for
    duration = float(os.read(listening, 100).decode().split()[0])
    time.sleep(float(line) * duration)
    os.kill(writer, signal.SIGKILL)
    _, status = os.waitpid(writer, 0)
    os.close(listening)
    print(os.WTERMSIG(status), flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_study(study):
    moments = random.Random(1)
    states, left_over = [0], 0
    command = [sys.executable, "-c", KILLER, str(study.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as killer:
        assert killer.stdin is not None
        assert killer.stdout is not None
        for _ in range(KILLS):
            print(moments.uniform(0, 2), file=killer.stdin, flush=True)
            assert killer.stdout.readline() == "9\n"
            left_over += len(list(study.folder.rglob(".*.part")))
            fit = open_study(study.folder).read()
            state = int(fit.attrs["state"])
            assert (fit["posterior"]["p"] == state).all()
            assert {int(path.stem) for path in study.history.glob("*.nc")} >= set(range(state))
            states.append(state)
    assert states == sorted(states)
    assert states[-1] >= KILLS  # every writer wrote
    assert left_over > 0  # some kills did hit a write in the middle
    for state in moments.sample(range(states[-1]), 20):
        assert (study.at(state)["posterior"]["p"] == state).all()
    with study.locked():
        assert list(study.folder.rglob(".*.part")) == []
