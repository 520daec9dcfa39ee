"""How long and how carefully to sample."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Protocol

from blackball.errors import InputError, Problem

__all__ = ["SAMPLERS", "Progress", "Settings", "quiet"]

SAMPLERS = ("nutpie", "pymc", "numpyro")


class Progress(Protocol):
    """Told how far a stage is; `total` is 0 while unknown."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note that `done` of `total` steps of a stage are behind it."""


def quiet(stage: str, done: int, total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Settings:
    """Sampler settings, checked.

    Attributes
    ----------
    seed : int
        Same inputs, seed and versions give the same posterior, by nutpie to the bit as long as modules are imported
        in the same order; otherwise sums may round differently, and the samples agree within Monte Carlo error.
    draws, tune : int
        Kept and warm-up draws per chain.
    chains : int
    target_accept : float
        Mean acceptance that step sizes aim for, in (0, 1).
    sampler : {"nutpie", "pymc", "numpyro"}
        Who draws; all draw from the same posterior. `numpyro` needs the extra `jax`.

    Raises
    ------
    InputError
        If a setting is out of range.
    """

    seed: int = 1
    draws: int = 1000
    tune: int = 500
    chains: int = 4
    target_accept: float = 0.95
    sampler: str = "nutpie"

    def __post_init__(self) -> None:
        least = {"seed": 0, "draws": 25, "tune": 1, "chains": 1}
        problems = [
            Problem(
                "settings",
                f"must be a whole number of at least {low}",
                column=name,
                value=getattr(self, name),
            )
            for name, low in least.items()
            if getattr(self, name) < low
        ]
        if not 0 < self.target_accept < 1:
            problems.append(Problem("settings", "must lie in (0, 1)", column="target_accept", value=self.target_accept))
        if self.sampler not in SAMPLERS:
            valid = ", ".join(SAMPLERS)
            problems.append(Problem("settings", f"is not one of {valid}", column="sampler", value=self.sampler))
        if problems:
            raise InputError(problems)

    def record(self) -> dict[str, int | float | str]:
        """Return the settings as plain data."""
        return asdict(self)
