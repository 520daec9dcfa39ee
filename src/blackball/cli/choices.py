"""What an option may be."""

from enum import StrEnum

__all__ = ["Experts"]


class Experts(StrEnum):
    """The expert models."""

    mixture = "mixture"
    consensus = "consensus"
