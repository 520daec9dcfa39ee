"""What experts said, checked, and read on the scale where it is reckoned with.  Never imports PyMC."""

from blackball.panel.against_regimes import against_regimes
from blackball.panel.convert import convert
from blackball.panel.datasets import from_datasets, panel_of_fit, to_datasets
from blackball.panel.encode import encode
from blackball.panel.excalibur import is_excalibur, read_excalibur, write_excalibur
from blackball.panel.fingerprint import fingerprint
from blackball.panel.panel import Panel, panel_of
from blackball.panel.read import read_panel
from blackball.panel.revise import revise
from blackball.panel.revision import Revision
from blackball.panel.survey import read_survey
from blackball.panel.write import write_panel

__all__ = [
    "Panel",
    "Revision",
    "against_regimes",
    "convert",
    "encode",
    "fingerprint",
    "from_datasets",
    "is_excalibur",
    "panel_of",
    "panel_of_fit",
    "read_excalibur",
    "read_panel",
    "read_survey",
    "revise",
    "to_datasets",
    "write_excalibur",
    "write_panel",
]
