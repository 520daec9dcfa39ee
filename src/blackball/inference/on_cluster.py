"""Run many jobs at once on a Dask cluster."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from socket import create_connection

from blackball.errors import SetupError
from blackball.inference.parallel import Workers, first_line, threads
from blackball.inference.provenance import versions

__all__ = ["on_cluster", "same_versions", "threads_or_cluster"]

PATIENCE = 5
"""Seconds that a cluster may take to answer."""

MANY = 2**16
"""Parts that no greeting of a scheduler has."""


def on_cluster(address: str) -> Workers:
    """Use the workers of a Dask cluster.

    Parameters
    ----------
    address : str
        Of its scheduler, such as `tcp://10.0.0.1:8786`.

    Raises
    ------
    SetupError
        If Dask is not installed, no scheduler answers there, it has no workers, or one has other versions of the
        packages that results depend on.
    """
    try:
        from dask.distributed import Client  # slow to import, and an extra
    except ImportError:
        rule = "install `dask[distributed]`, which the extra `cluster` brings: pip install 'blackball[cluster]'"
        raise SetupError(f"cluster {address!r}: Dask is not installed here; {rule}") from None

    if (silent := _silent(address)) is not None:
        raise SetupError(f"cluster {address!r}: no Dask scheduler answers there ({silent})")

    @contextmanager
    def connected() -> Iterator[Client]:
        try:
            client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise SetupError(f"cluster {address!r}: no Dask scheduler answers there ({first_line(error)})") from None
        with client:
            yield client

    @contextmanager
    def opened() -> Iterator[Executor]:
        with connected() as client:
            yield client.get_executor(pure=False)

    with connected() as client:
        count = sum(client.nthreads().values())
        others = client.run(versions, on_error="return") if count else {}
    if not count:
        raise SetupError(f"cluster {address!r}: the scheduler has no workers; start some with `dask worker`")
    for worker, found in others.items():
        same_versions(f"cluster {address!r}, worker {worker}", found)
    return Workers(opened, count, here=False)


def threads_or_cluster(workers: int | None, cluster: str | None) -> Workers:
    """Return so many threads, by default one a processor, or the cluster whose address is given.

    Raises
    ------
    SetupError
        As `on_cluster`.
    """
    return threads(workers or os.cpu_count() or 1) if cluster is None else on_cluster(cluster)


def _silent(address: str) -> str | None:
    """Say why there can be no Dask scheduler at an address; a client would wait long, or take any answer for one.

    A scheduler speaks first: how many parts its greeting has, as eight bytes.
    """
    found = re.fullmatch(r"(tcp|tls)://(\[.+\]|[^:/]+):(\d{1,5})", address)
    if found is None:
        return "an address is tcp://HOST:PORT or tls://HOST:PORT"
    try:
        with create_connection((found[2].strip("[]"), int(found[3])), PATIENCE) as connection:
            greeting = connection.recv(8) if found[1] == "tcp" else bytes(8)
    except (OSError, OverflowError) as error:
        return first_line(error)
    return None if int.from_bytes(greeting, "little") < MANY and len(greeting) == 8 else "something else answers"


def same_versions(where: str, found: dict[str, str] | Exception) -> None:
    """Refuse a worker that might not compute what this process would.

    Raises
    ------
    SetupError
        With the package, its version there and its version here.
    """
    if isinstance(found, Exception):
        raise SetupError(f"{where}: cannot run blackball ({first_line(found)}); install it there")
    own = versions()
    differ = [f"{tool} {found.get(tool)} (here {here})" for tool, here in own.items() if found.get(tool) != here]
    if differ:
        raise SetupError(f"{where}: has other versions, so that its numbers might differ: {', '.join(differ)}")
