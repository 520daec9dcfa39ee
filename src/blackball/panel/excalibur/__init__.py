"""The files of Excalibur, Cooke's program for structured expert judgement: `.dtt` and `.rls`, read and written."""

from blackball.panel.excalibur.read import is_excalibur, read_excalibur
from blackball.panel.excalibur.write import pair_of, write_excalibur

__all__ = ["is_excalibur", "pair_of", "read_excalibur", "write_excalibur"]
