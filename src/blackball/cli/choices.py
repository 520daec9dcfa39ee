"""What an option may be."""

from enum import StrEnum

__all__ = ["Experts", "Format"]


class Experts(StrEnum):
    """The expert models."""

    mixture = "mixture"
    consensus = "consensus"


class Format(StrEnum):
    """The formats of a panel's files."""

    csv = "csv"
    parquet = "parquet"
