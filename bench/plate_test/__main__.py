"""`python -m bench.plate_test`: renders, fits, tells what the fit is worth on roads held out; `--write` keeps it."""

import argparse
import os

# Before anything that counts the processor's cores is imported.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import cv2
import numpy as np
import yaml

from bench.plate_test.examples import Examples, examples
from services.recognizer.plate_test import LEAST_PLATENESS, MEASURES, WEIGHTS_FILE

_RIDGE = 1.0
"""Keeps the weights of measures that say the same thing small."""
_STEPS = 40


def main() -> None:
    """Fit on all roads but every other one, tell how it does on those, then fit on all."""
    options = argparse.ArgumentParser(prog="python -m bench.plate_test", description=main.__doc__)
    options.add_argument("--roads", type=int, default=260)
    options.add_argument("--write", action="store_true", help=f"keep the weights in {WEIGHTS_FILE.name}")
    given = options.parse_args()
    cv2.setNumThreads(1)
    all_ = examples(given.roads, seed=11)
    held_out = all_.roads % 2 == 1
    fitted = fit(all_.part(~held_out))
    told = plateness(fitted, all_.measures[held_out]) >= LEAST_PLATENESS
    plates = all_.is_plate[held_out] > 0
    print(f"{len(all_.roads)} lines of {given.roads} roads, {int(all_.is_plate.sum())} of them plates")
    print(f"held out: {told[plates].mean():.1%} of plates told, {told[~plates].mean():.1%} of other print")
    weights = fit(all_)
    kept = {
        "bias": round(float(weights[-1]), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(MEASURES, weights, strict=False)},
    }
    print(yaml.safe_dump(kept, sort_keys=False))
    if given.write:
        WEIGHTS_FILE.write_text(
            "# Fitted on rendered roads by `python -m bench.plate_test --write`; not to be edited by hand.\n"
            + yaml.safe_dump(kept, sort_keys=False),
            encoding="utf-8",
        )


def fit(given: Examples) -> np.ndarray:
    """A weight for each measure, and the bias last: a logistic regression by Newton's method."""
    mean, deviation = given.measures.mean(axis=0), given.measures.std(axis=0)
    inputs = np.column_stack([(given.measures - mean) / deviation, np.ones(len(given.measures))])
    ridge = np.diag([_RIDGE] * len(mean) + [0.0])
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        probable = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (given.counts * (probable - given.is_plate)) + ridge @ weights
        bend = (inputs.T * (given.counts * probable * (1 - probable))) @ inputs + ridge
        weights -= np.linalg.solve(bend, slope)
    plain = weights[:-1] / deviation
    return np.append(plain, weights[-1] - plain @ mean)


def plateness(weights: np.ndarray, measures: np.ndarray) -> np.ndarray:
    """What the plate test would say of each row of measures."""
    return np.asarray(1 / (1 + np.exp(-(measures @ weights[:-1] + weights[-1]))))


if __name__ == "__main__":
    main()
