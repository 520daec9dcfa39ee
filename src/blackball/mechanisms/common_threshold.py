"""The common threshold that many actors should use, if each acts alone.

Claim: who can act alone should ask for more than a positive estimate, because others who saw the same could have acted
and did not: as with the winner's curse, to be the one whose act decides is bad news about its value (Bostrom, Douglas
& Sandberg, Social Epistemology 2016, 10.1080/02691728.2015.1108373). With the value V ~ Normal(m, s) and estimates as
in `blackball.mechanisms.unilateral`, the threshold T* that maximises E[V P(someone acts | V)] makes the act worth
nothing to the actor at the threshold whose act decides. All others then have estimates below T*. Given an estimate
of T, V is normal with mean mu and variance tau^2, and the others are below T with chance Phi(q)^(N-1), where V and q
are jointly normal; so, with x standard normal,

    mu = c E[x Phi(q_0 + omega x)^(N-1)] / E[Phi(q_0 + omega x)^(N-1)],
    tau^2 = s^2 sigma^2 / (s^2 + sigma^2),           omega^2 = r + (1-r) tau^2 / sigma^2,
    c = sqrt(1-r) tau^2 / (sigma omega),             q_0 = sqrt(1-r) sigma (mu - m) / s^2,
    T = mu + (mu - m) sigma^2 / s^2.

The left side rises in mu and the right falls: there is one solution. It is found by Newton's method in two rounds of a
fixed number of steps, first with the mode of x in place of its mean, then with the mean itself by quadrature about
that mode. Both equations are concave, so that no start can make the method diverge. The gradient is that of the last
step alone, which is the gradient of the solution.
"""

from __future__ import annotations

import pytensor.xtensor as px
from pytensor.gradient import disconnected_grad
from pytensor.xtensor.type import as_xtensor

from blackball.mechanisms.labelled import Labelled, Tensor, labelled
from blackball.mechanisms.normal import inverse_mills, log_upper_tail, nodes
from blackball.mechanisms.ranges import at_least, finite, positive, probability

__all__ = ["optimal_threshold"]

MODE_STEPS = 6
MEAN_STEPS = 3
"""Found by trial on 1,500 random problems as wide as the docstring says: with fewer of either the error shows."""


def optimal_threshold(
    actors: Labelled, error: Labelled, mean: Labelled, sd: Labelled, shared: Labelled = 0.0
) -> Tensor:
    """Threshold that maximises the expected value of what N actors do who each act alone.

    Parameters
    ----------
    actors : Labelled
        N, real and >= 1.
    error : Labelled
        sigma > 0, the standard deviation of an actor's estimate about the value.
    mean, sd : Labelled
        m and s > 0 of the value V, before anybody estimates it.
    shared : Labelled, optional
        r, the correlation between the errors of any two actors, in [0, 1]; at 1 all are one actor.

    Returns
    -------
    XTensorVariable
        T* with the dims of the arguments together, in the unit of V: rises with N. One actor's is the estimate at
        which V is worth nothing on average, ``-m sigma^2 / s^2``. The mean mu of V at T* is within 1e-8 s of the
        solution for N up to 1e4, sigma from 0.01 s to 30 s and m within 10 s of 0.

    Raises
    ------
    ModelError
        If a known number is outside its range.
    """
    others = at_least(1.0, "actors", actors) - 1
    m, s, sigma = finite("mean", mean), positive("sd", sd), positive("error", error)
    # At r = 1 the slope by r is infinite, and left out.
    own = px.math.maximum(1 - probability("shared", shared), 1e-30)
    noise = sigma / s
    known = 1 / (1 + noise * noise)  # tau^2 / sigma^2
    omega = px.math.sqrt(1 - own + own * known)
    # From here on values are in units of s.
    c = px.math.sqrt(own) * known * noise / omega
    kappa = px.math.sqrt(own) * noise
    mode = _fixed(_mode(others, omega, kappa * c + omega, -kappa * m / s))
    mu = c * mode
    for _ in range(MEAN_STEPS):
        # Where the equation holds, a step from a given point has the gradient of the solution, by every argument.
        mu = _step(_fixed(mu), others, omega, c, kappa, m / s, mode)
    return s * mu + (s * mu - m) * noise * noise


def _mode(others: Tensor, omega: Tensor, slope: Tensor, start: Tensor) -> Tensor:
    """Solve ``x = (N-1) omega h(start + slope x)``, h the inverse Mills ratio, from below."""
    x = labelled(0.0)
    for _ in range(MODE_STEPS):
        y = start + slope * x
        h = inverse_mills(y)
        pull = others * omega * h
        x = x - (x - pull) / (1 + pull * slope * (y + h))
    return x


def _step(mu: Tensor, others: Tensor, omega: Tensor, c: Tensor, kappa: Tensor, mean: Tensor, mode: Tensor) -> Tensor:
    """Take one step towards ``mu = c b(kappa (mu - m))``, b the mean of x given that all others are below."""
    x = mode + as_xtensor(nodes(), dims=("_x",))
    y = kappa * (mu - mean) + omega * x
    log_density = others * log_upper_tail(-y) - x * x / 2
    weight = px.math.exp(log_density - log_density.max("_x"))
    weight = weight / weight.sum("_x")
    b = (weight * x).sum("_x")
    by_start = (weight * (x - b) * others * inverse_mills(y)).sum("_x")
    return mu - (mu - c * b) / _fixed(1 - c * kappa * by_start)


def _fixed(value: Tensor) -> Tensor:
    """Return a value whose gradient is not followed."""
    return as_xtensor(disconnected_grad(value.values), dims=value.type.dims)
