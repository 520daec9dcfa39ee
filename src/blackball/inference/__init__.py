"""Sample, diagnose, update.  The only layer that knows samplers."""

from blackball.inference.diagnose import Diagnosis, diagnose
from blackball.inference.fit import fit, sample
from blackball.inference.prepare import Prepared, prepare
from blackball.inference.settings import Progress, Settings
from blackball.inference.update import update

__all__ = ["Diagnosis", "Prepared", "Progress", "Settings", "diagnose", "fit", "prepare", "sample", "update"]
