"""What an option may be."""

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["Cluster", "Experts", "Format", "Scheme"]


Cluster = Annotated[str | None, typer.Option(help="Dask scheduler whose workers do it instead, as tcp://HOST:8786.")]


class Experts(StrEnum):
    """The expert models."""

    mixture = "mixture"
    consensus = "consensus"


class Format(StrEnum):
    """The formats of a panel's files."""

    csv = "csv"
    parquet = "parquet"


class Scheme(StrEnum):
    """The schemes of cross-validation."""

    leave_one_out = "leave-one-out"
    k_fold = "k-fold"
    splits = "splits"
    without_seeds = "without-seeds"
