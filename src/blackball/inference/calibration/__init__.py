"""Simulation-based calibration: whether posteriors of simulated judgements hold the truth as often as they say."""

from blackball.inference.calibration.calibrate import Calibration, calibrate

__all__ = ["Calibration", "calibrate"]
