"""Studies on disk: written whole or not at all, one writer at a time, every earlier state kept."""

from blackball.store.study import Study, new_study, open_study

__all__ = ["Study", "new_study", "open_study"]
