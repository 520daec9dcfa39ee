"""Sweeps on two hosts: processes over TCP, one of them killed half-way; the numbers are those of one machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from socket import socket
from threading import Thread
from time import monotonic, sleep

import numpy as np
import pandas as pd
import pytest

from blackball.errors import SetupError
from blackball.inference import Settings, calibrate
from blackball.inference.on_cluster import on_cluster, same_versions
from blackball.inference.panels import QUICK, crossvalidate
from blackball.inference.parallel import processes, threads
from blackball.inference.provenance import versions
from blackball.panel import read_panel
from blackball.risk_model import load_model
from blackball.shipped import shipped
from tests.inference.panels.simulated import simulated_panel

SHORT = Settings(draws=100, tune=100, chains=1)
LOCAL = ("--host", "127.0.0.1", "--no-dashboard")


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and two workers of one thread; return its address and the workers."""
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": Path(__file__).parents[2]}
    scheduler = subprocess.Popen([*dask, "scheduler", *LOCAL, "--port", "0", "--scheduler-file", str(file)], **quiet)
    worker = [*dask, "worker", *LOCAL, "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny"]
    workers = []
    try:
        until = monotonic() + 60
        while not file.exists() and monotonic() < until:
            sleep(0.1)
        workers += [subprocess.Popen([*worker, "--local-directory", str(tmp_path / name)], **quiet) for name in "ab"]
        address = json.loads(file.read_text())["address"]
        _await_workers(address, 2)
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def _await_workers(address: str, count: int) -> None:
    from dask.distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


def test_a_host_that_dies_half_way_changes_no_number(hosts, tmp_path: Path) -> None:
    address, workers = hosts
    risk, panel = load_model("urn"), read_panel(shipped("data") / "urn")

    def kill_one(_: str, done: int, __: int) -> None:
        if done == 6:
            workers[0].kill()

    there = calibrate(risk, panel, None, on_cluster(address), simulations=20, settings=SHORT, progress=kill_one)
    assert workers[0].wait(timeout=10) != 0
    assert workers[1].poll() is None
    here = calibrate(risk, panel, None, threads(1), simulations=20, settings=SHORT)
    pd.testing.assert_frame_equal(there.ranks, here.ranks)
    assert there.failures.empty

    made = simulated_panel(tmp_path / "made", [0.6, 0.4], 4, np.random.default_rng(3))
    kept, methods = tmp_path / "kept", ["equal", "median"]
    far = crossvalidate([made], methods, settings=QUICK, workers=on_cluster(address), folder=kept)
    near = crossvalidate([made], methods, settings=QUICK, workers=processes(1))
    pd.testing.assert_frame_equal(far.scores, near.scores)
    assert [len(file.read_text().splitlines()) for file in kept.iterdir()] == [4, 4]
    workers[1].kill()  # what is kept needs no worker
    again = crossvalidate([made], methods, settings=QUICK, workers=processes(1), folder=kept)
    pd.testing.assert_frame_equal(again.scores, near.scores)


def test_workers_of_other_versions_are_refused() -> None:
    same_versions("a", versions())
    with pytest.raises(SetupError, match=r"a: has other versions, .*: numpy 1.0 \(here 2"):
        same_versions("a", {**versions(), "numpy": "1.0"})
    with pytest.raises(SetupError, match=r"a: cannot run blackball \(No module named 'blackball'\); install it there"):
        same_versions("a", ModuleNotFoundError("No module named 'blackball'"))


@pytest.mark.parametrize(
    ("says", "address", "why"),
    [
        (b"", "tcp://127.0.0.1:{port}", "timed out"),
        (b"HTTP/1.1 400 Bad Request", "tcp://127.0.0.1:{port}", "something else answers"),
        (b"", "127.0.0.1:{port}", "an address is tcp://HOST:PORT"),
        (b"", "nonsense://x", "an address is tcp://HOST:PORT"),
    ],
)
def test_what_answers_and_is_no_scheduler_is_told_soon(says: bytes, address: str, why: str, monkeypatch) -> None:
    monkeypatch.setattr("blackball.inference.on_cluster.PATIENCE", 0.5)
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def answer() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                connection.sendall(says)
                sleep(1)
                connection.close()

        answering = Thread(target=answer, daemon=True)
        answering.start()
        given = address.format(port=listener.getsockname()[1])
        with pytest.raises(SetupError, match=rf"cluster '{given}': no Dask scheduler answers there \({why}"):
            on_cluster(given)
