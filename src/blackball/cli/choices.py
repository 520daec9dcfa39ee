"""What an option may be."""

from enum import StrEnum

__all__ = ["Experts", "Format", "Scheme"]


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
