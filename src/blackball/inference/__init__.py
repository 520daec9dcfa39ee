"""Sample, diagnose, update.  The only layer that knows samplers."""

from blackball.inference.attribute import attribute
from blackball.inference.calibration import Calibration, calibrate
from blackball.inference.diagnose import Diagnosis, diagnose
from blackball.inference.fit import fit, sample
from blackball.inference.leave_out import Refits, leave_out
from blackball.inference.prepare import Prepared, prepare
from blackball.inference.rebuild import model_of_fit, regimes_of_fit
from blackball.inference.settings import Progress, Settings
from blackball.inference.tornado import tornado
from blackball.inference.update import update
from blackball.inference.what_if import what_if

__all__ = [
    "Calibration",
    "Diagnosis",
    "Prepared",
    "Progress",
    "Refits",
    "Settings",
    "attribute",
    "calibrate",
    "diagnose",
    "fit",
    "leave_out",
    "model_of_fit",
    "prepare",
    "regimes_of_fit",
    "sample",
    "tornado",
    "update",
    "what_if",
]
