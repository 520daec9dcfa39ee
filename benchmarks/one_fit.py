"""Fit the default model once in this process, as `bb.fit` does, and print the seconds of each stage as JSON."""

from __future__ import annotations

import json
from importlib import import_module
from time import perf_counter

STAGES = {"derive": "outcomes, densities, sweeps", "diagnose": "diagnostics"}


def stages() -> dict[str, float]:
    """Return the seconds of each stage, in order; a refit has another seed and data of the same shapes."""
    clock = _Clock()
    import_module("blackball.api")
    from blackball.cli.inputs import find_inputs
    from blackball.inference import Settings
    from blackball.inference.fit import sample
    from blackball.inference.prepare import build, compiled

    clock.note("import")
    built = build(*find_inputs("one-or-many", None, None))
    clock.note("build")
    prepared = compiled(built)
    clock.note("compile")
    begun: list[str] = []

    def progress(stage: str, done: int, total: int) -> None:
        if stage in STAGES and stage not in begun:
            clock.note(STAGES[begun[-1]] if begun else "sample")
            begun.append(stage)

    sample(prepared, Settings(), progress)
    clock.note(STAGES[begun[-1]])
    again = prepared.with_panel(prepared.panel)
    clock.note("refit: new panel, no compiler")
    again.engine.sample(Settings(seed=2))
    clock.note("refit: sample")
    return clock.seconds


class _Clock:
    """Seconds from one note to the next."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def note(self, stage: str) -> None:
        """Note that a stage ends now."""
        now = perf_counter()
        self.seconds[stage] = now - self._last
        self._last = now


if __name__ == "__main__":
    print(json.dumps(stages()))
