"""First-order shares of given draws, where they are known, and as SALib has them."""

import numpy as np
from SALib.analyze import rbd_fast

from blackball.decisions.main_effects import main_effects

COUNT = 4000
BATCHES = 8
COVARIANCE = np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])
SLOPES = np.array([1.0, 0.5, 2.0])


def gaussian(seed=1):
    inputs = np.random.default_rng(seed).multivariate_normal(np.zeros(3), COVARIANCE, COUNT)
    return inputs, (inputs @ SLOPES)[:, None]


def mcse(inputs, outputs):
    batches = zip(np.split(inputs, BATCHES), np.split(outputs, BATCHES), strict=True)
    return np.std([main_effects(*batch) for batch in batches], axis=0, ddof=1) / np.sqrt(BATCHES)


def test_of_a_linear_result_they_are_squared_correlations_although_inputs_are_correlated():
    inputs, outputs = gaussian()
    variance = SLOPES @ COVARIANCE @ SLOPES
    known = (COVARIANCE @ SLOPES) ** 2 / variance
    error = mcse(inputs, outputs)[:, 0]
    found = main_effects(inputs, outputs)[:, 0]
    assert (abs(found - known) < 4 * error).all()
    # Negative control: the shares that inputs would have were they independent.
    independent = SLOPES**2 / (SLOPES**2).sum()
    assert (abs(found - independent)[:2] > 4 * error[:2]).all()


def test_a_result_that_rises_and_falls_is_explained_where_correlations_see_nothing():
    rng = np.random.default_rng(3)
    inputs = rng.normal(size=(COUNT, 2))
    outputs = (inputs[:, 0] ** 2 + rng.normal(size=COUNT))[:, None]
    found, error = main_effects(inputs, outputs)[:, 0], mcse(inputs, outputs)[:, 0]
    assert abs(found[0] - 2 / 3) < 4 * error[0]
    assert abs(np.corrcoef(inputs[:, 0], outputs[:, 0])[0, 1]) < 0.1
    assert found[1] < 0.01


def ishigami(seed=4):
    """Three independent uniform inputs, of which the first two explain 0.3139 and 0.4424 alone."""
    inputs = np.random.default_rng(seed).uniform(-np.pi, np.pi, size=(COUNT, 3))
    a, b, c = inputs.T
    return inputs, (np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a))[:, None]


def test_they_are_those_of_a_library_where_no_result_is_steep():
    """SALib's estimator for given data works on the lowest frequencies of a result in the order of a quantity."""
    inputs, outputs = ishigami()
    problem = {"num_vars": 3, "names": ["a", "b", "c"]}
    library = rbd_fast.analyze(problem, inputs, outputs[:, 0], num_resamples=20, seed=1)
    found, error = main_effects(inputs, outputs)[:, 0], mcse(inputs, outputs)[:, 0]
    bound = 4 * np.hypot(error, np.array(library["S1_conf"]) / 1.96) + 0.01
    assert (abs(found - np.array(library["S1"])) < bound).all()
    assert (abs(found - np.array([0.3139, 0.4424, 0.0])) < 4 * error + 0.02).all()


def test_a_steep_result_keeps_its_tail_which_the_library_cuts():
    """Why the library is not used: of exp(1.2 z) and as much noise its ten frequencies find a third too little."""
    rng = np.random.default_rng(9)
    score = rng.normal(size=COUNT)
    steep = np.exp(1.2 * score)
    outputs = steep + steep.std() * rng.normal(size=COUNT)
    inputs = score[:, None]
    known = steep.var() / outputs.var()
    library = rbd_fast.analyze({"num_vars": 1, "names": ["a"]}, inputs, outputs, num_resamples=20, seed=1)["S1"][0]
    found, error = main_effects(inputs, outputs[:, None])[0, 0], mcse(inputs, outputs[:, None])[0, 0]
    assert abs(found - known) < 4 * error
    assert known - library > 3 * error


def test_what_does_not_vary_has_no_share():
    inputs, outputs = gaussian()
    inputs[:, 1] = 2.0
    found = main_effects(inputs, np.concatenate([outputs, np.zeros_like(outputs)], axis=1))
    assert np.isnan(found).tolist() == [[False, True], [True, True], [False, True]]
