#!/usr/bin/env python3
"""Works out where the update rules lead, independently of the Go code.

The rules and the losses are written here from their definitions (the papers
and the talk), in float64, with the standard library alone.

    python3 trajectories.py > trajectories.json

makes what TestTrajectories compares with, beside points.csv, the data of the
regressions.
"""

import csv
import json
import math
import os

RECORDED = [*range(1, 11), 50, 200]


# The problems: each returns the gradient of J at a point.


def ravine(kappa, degrees):
    angle = math.radians(degrees)
    c, s = math.cos(angle), math.sin(angle)

    def gradient(theta):
        x, y = theta
        u = x * c + y * s
        v = -x * s + y * c
        return [u * c - kappa * v * s, u * s + kappa * v * c]

    return gradient


def rosenbrock(theta):
    x, y = theta
    return [-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)]


def beale(theta):
    x, y = theta
    gx = gy = 0.0
    for power, constant in (1, 1.5), (2, 2.25), (3, 2.625):
        residual = constant - x + x * y**power
        gx += 2 * residual * (y**power - 1)
        gy += 2 * residual * x * power * y ** (power - 1)
    return [gx, gy]


def regression(reduce):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "points.csv")
    with open(path, newline="") as file:
        points = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(file)]
    weight = 1 / len(points) if reduce == "mean" else 1

    def gradient(theta):
        a, b = theta
        residuals = [(a * x + b - y, x) for x, y in points]
        return [
            weight * math.fsum(r * x for r, x in residuals),
            weight * math.fsum(r for r, _ in residuals),
        ]

    return gradient


# The rules: each is a generator of θ_1, θ_2, …


def root(rules, x, eps):
    return math.sqrt(x + eps) if rules == "slides" else math.sqrt(x) + eps


def descent(rules, h, theta, gradient):
    while True:
        g = gradient(theta)
        theta = [x - h["eta"] * gi for x, gi in zip(theta, g)]
        yield theta


def momentum(rules, h, theta, gradient):
    v = [0.0] * len(theta)
    while True:
        g = gradient(theta)
        v = [h["gamma"] * vi + h["eta"] * gi for vi, gi in zip(v, g)]
        theta = [x - vi for x, vi in zip(theta, v)]
        yield theta


def nag(rules, h, theta, gradient):
    v = [0.0] * len(theta)
    while True:
        g = gradient([x - h["gamma"] * vi for x, vi in zip(theta, v)])
        v = [h["gamma"] * vi + h["eta"] * gi for vi, gi in zip(v, g)]
        theta = [x - vi for x, vi in zip(theta, v)]
        yield theta


def adagrad(rules, h, theta, gradient):
    total = [0.0] * len(theta)
    while True:
        g = gradient(theta)
        total = [s + gi**2 for s, gi in zip(total, g)]
        theta = [x - h["eta"] * gi / root(rules, s, h["eps"]) for x, gi, s in zip(theta, g, total)]
        yield theta


def rmsprop(rules, h, theta, gradient):
    mean = [0.0] * len(theta)
    while True:
        g = gradient(theta)
        mean = [h["gamma"] * e + (1 - h["gamma"]) * gi**2 for e, gi in zip(mean, g)]
        theta = [x - h["eta"] * gi / root(rules, e, h["eps"]) for x, gi, e in zip(theta, g, mean)]
        yield theta


def adadelta(rules, h, theta, gradient):
    mean, deltas = [0.0] * len(theta), [0.0] * len(theta)
    gamma, eps = h["gamma"], h["eps"]
    while True:
        g = gradient(theta)
        mean = [gamma * e + (1 - gamma) * gi**2 for e, gi in zip(mean, g)]
        if rules == "slides":
            theta = [x - h["eta"] * gi / math.sqrt(e + eps) for x, gi, e in zip(theta, g, mean)]
        else:
            step = [-math.sqrt(d + eps) / math.sqrt(e + eps) * gi for d, e, gi in zip(deltas, mean, g)]
            deltas = [gamma * d + (1 - gamma) * si**2 for d, si in zip(deltas, step)]
            theta = [x + h["eta"] * si for x, si in zip(theta, step)]
        yield theta


def moments(h, m, v, g):
    m = [h["beta1"] * mi + (1 - h["beta1"]) * gi for mi, gi in zip(m, g)]
    v = [h["beta2"] * vi + (1 - h["beta2"]) * gi**2 for vi, gi in zip(v, g)]
    return m, v


def adam_like(rules, h, theta, gradient, nesterov=False, decay=0.0):
    m, v, t = [0.0] * len(theta), [0.0] * len(theta), 0
    while True:
        t += 1
        g = gradient(theta)
        m, v = moments(h, m, v, g)
        correction1, correction2 = 1 - h["beta1"] ** t, 1 - h["beta2"] ** t
        theta = [x - h["eta"] * decay * x for x in theta]
        for i in range(len(theta)):
            direction = m[i] / correction1
            if nesterov:
                direction = h["beta1"] * direction + (1 - h["beta1"]) * g[i] / correction1
            theta[i] -= h["eta"] * direction / root(rules, v[i] / correction2, h["eps"])
        yield list(theta)


def adam(rules, h, theta, gradient):
    return adam_like(rules, h, theta, gradient)


def nadam(rules, h, theta, gradient):
    return adam_like(rules, h, theta, gradient, nesterov=True)


def adamw(rules, h, theta, gradient):
    return adam_like(rules, h, theta, gradient, decay=h["decay"])


def adamax(rules, h, theta, gradient):
    m, u, t = [0.0] * len(theta), [0.0] * len(theta), 0
    while True:
        t += 1
        g = gradient(theta)
        m = [h["beta1"] * mi + (1 - h["beta1"]) * gi for mi, gi in zip(m, g)]
        u = [max(h["beta2"] * ui, abs(gi)) for ui, gi in zip(u, g)]
        rate = h["eta"] if rules == "slides" else h["eta"] / (1 - h["beta1"] ** t)
        theta = [x if ui == 0 else x - rate * mi / ui for x, mi, ui in zip(theta, m, u)]
        yield theta


def amsgrad(rules, h, theta, gradient):
    m, v, largest = [0.0] * len(theta), [0.0] * len(theta), [0.0] * len(theta)
    while True:
        m, v = moments(h, m, v, gradient(theta))
        largest = [max(a, b) for a, b in zip(largest, v)]
        theta = [x - h["eta"] * mi / root(rules, a, h["eps"]) for x, mi, a in zip(theta, m, largest)]
        yield theta


def lion(rules, h, theta, gradient):
    m = [0.0] * len(theta)
    while True:
        g = gradient(theta)
        c = [h["beta1"] * mi + (1 - h["beta1"]) * gi for mi, gi in zip(m, g)]
        signs = [(ci > 0) - (ci < 0) for ci in c]
        theta = [x - h["eta"] * (si + h["decay"] * x) for x, si in zip(theta, signs)]
        m = [h["beta2"] * mi + (1 - h["beta2"]) * gi for mi, gi in zip(m, g)]
        yield theta


# Each rule with its defaults besides η, and what kind of η it wants. Those that
# go on in steps of about η at the optimum come there chaotically, the last bit
# growing to the first in a hundred steps: a short η keeps them on their way.
ADAM = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
RULES = {
    "gd": (descent, {}, "curvature"),
    "sgd": (descent, {}, "curvature"),
    "minibatch": (descent, {}, "curvature"),
    "momentum": (momentum, {"gamma": 0.9}, "curvature"),
    "nag": (nag, {"gamma": 0.9}, "curvature"),
    "adagrad": (adagrad, {"eps": 1e-8}, "distance"),
    "adadelta": (adadelta, {"gamma": 0.9, "eps": 1e-8}, "short"),
    "rmsprop": (rmsprop, {"gamma": 0.9, "eps": 1e-8}, "short"),
    "adam": (adam, ADAM, "distance"),
    "adamax": (adamax, {"beta1": 0.9, "beta2": 0.999}, "short"),
    "nadam": (nadam, ADAM, "distance"),
    "amsgrad": (amsgrad, ADAM, "distance"),
    "adamw": (adamw, {**ADAM, "decay": 0.01}, "distance"),
    "lion": (lion, {"beta1": 0.9, "beta2": 0.99, "decay": 0.0}, "distance"),
}

# Values other than the defaults, with which the place of ε and every decay show.
OTHER = {"gamma": 0.6, "beta1": 0.8, "beta2": 0.95, "eps": 0.01, "decay": 0.05}

# Flag, gradient, start, the three kinds of η, and whether values are the defaults.
PROBLEMS = [
    ("ravine:kappa=40,angle=30", ravine(40, 30), [-10, 1], {"curvature": 0.01, "distance": 0.1, "short": 0.02}, True),
    ("rosenbrock", rosenbrock, [-1.2, 1], {"curvature": 2e-4, "distance": 0.01, "short": 0.005}, False),
    ("beale", beale, [1, 1.5], {"curvature": 5e-4, "distance": 0.02, "short": 0.005}, True),
    ("regression:file=testdata/points.csv", regression("sum"), [8, 75], {"curvature": 2e-3, "distance": 0.5, "short": 0.02}, True),
    ("regression:file=testdata/points.csv,reduce=mean", regression("mean"), [8, 75], {"curvature": 0.04, "distance": 0.5, "short": 0.02}, False),
]


def values(name, rules, eta, defaults):
    """What the lane of that name is run with, and what of it the flag says."""
    _, h, kind = RULES[name]
    h = {"eta": eta[kind], **h}
    given = ["eta"]
    if name == "adadelta" and rules == "papers":
        h.update(eta=1.0, eps=1e-6)
        given = []
    if not defaults:
        for key in h.keys() & OTHER.keys():
            h[key] = OTHER[key]
            given.append(key)
    return h, given


def cases():
    for problem, gradient, start, eta, defaults in PROBLEMS:
        for rules in "slides", "papers":
            for name, (rule, _, _) in RULES.items():
                h, given = values(name, rules, eta, defaults)
                lane = [f"{key}={h[key]!r}" for key in sorted(given)]
                if name in ("sgd", "minibatch") and problem.startswith("regression"):
                    lane.append("batch=all")
                trajectory = rule(rules, h, [float(x) for x in start], gradient)
                thetas = [next(trajectory) for _ in range(RECORDED[-1])]
                yield {
                    "problem": problem,
                    "rules": rules,
                    "opt": ":".join([name] + ([",".join(lane)] if lane else [])),
                    "thetas": [thetas[step - 1] for step in RECORDED],
                }


def main():
    lines = [json.dumps(case, ensure_ascii=False) for case in cases()]
    print(json.dumps({"steps": RECORDED})[:-1] + ', "cases": [')
    print(",\n".join(lines) + "\n]}")


if __name__ == "__main__":
    main()
