"""`python -m bench.plate_test`: renders, fits, tells what the fit is worth on roads held out; `--write` keeps it."""

import argparse
import os
from typing import Any

# Before anything that counts the processor's cores is imported.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import cv2
import numpy as np
import yaml

from bench.plate_test.examples import Examples, examples
from services.recognizer.plate_test import GROUPS, MEASURES, WEIGHTS_FILE

_RIDGE = 1.0
"""Keeps the weights of measures that say the same thing small."""
_STEPS = 40
_LEAST_DEVIATION = 0.05
"""What hardly ever varies must not get a weight for that."""


def main() -> None:
    """Fit on all roads but every other one, tell how it does on those, then fit on all."""
    options = argparse.ArgumentParser(prog="python -m bench.plate_test", description=main.__doc__)
    options.add_argument("--roads", type=int, default=260)
    options.add_argument("--write", action="store_true", help=f"keep the weights in {WEIGHTS_FILE.name}")
    given = options.parse_args()
    cv2.setNumThreads(1)
    all_ = examples(given.roads, seed=11)
    print(f"{len(all_.roads)} lines of {given.roads} roads, {int(all_.is_plate.sum())} of them plates")
    kept = {name: _of_group(name, all_.part(all_.groups == group)) for group, name in enumerate(GROUPS)}
    print(yaml.safe_dump(kept, sort_keys=False))
    if given.write:
        WEIGHTS_FILE.write_text(
            "# Fitted on rendered roads by `python -m bench.plate_test --write`; not to be edited by hand.\n"
            + yaml.safe_dump(kept, sort_keys=False),
            encoding="utf-8",
        )


def _of_group(name: str, group: Examples) -> dict[str, Any]:
    """The group's weights as they are kept; tells what they are worth."""
    held_out = group.roads % 2 == 1
    probable = likelihood(fit(group.part(~held_out)), group.measures[held_out])
    plates = group.is_plate[held_out] > 0
    ranks = np.argsort(np.argsort(probable))
    above = (ranks[plates].mean() - (plates.sum() - 1) / 2) / max(1, (~plates).sum())
    print(
        f"{name}: {len(plates)} lines held out, {plates.sum()} of them plates;"
        f" {(probable[plates] >= 0.5).mean():.1%} of plates look like one, {(probable[~plates] >= 0.5).mean():.1%} of"
        f" other print; a plate looks more like one than other print does {above:.1%} of the time"
    )
    weights = fit(group)
    return {
        "bias": round(float(weights[-1]), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(MEASURES, weights, strict=False)},
    }


def fit(given: Examples) -> np.ndarray:
    """A weight for each measure, and the bias last: a logistic regression by Newton's method.

    Plates count as much as all other print together: how many of each a road has is declared elsewhere.
    """
    mean, deviation = given.measures.mean(axis=0), np.maximum(given.measures.std(axis=0), _LEAST_DEVIATION)
    inputs = np.column_stack([(given.measures - mean) / deviation, np.ones(len(given.measures))])
    share = given.is_plate.mean()
    counts = np.where(given.is_plate > 0, 0.5 / share, 0.5 / (1 - share))
    ridge = np.diag([_RIDGE] * len(mean) + [0.0])
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        probable = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (counts * (probable - given.is_plate)) + ridge @ weights
        bend = (inputs.T * (counts * probable * (1 - probable))) @ inputs + ridge
        weights -= np.linalg.solve(bend, slope)
    plain = weights[:-1] / deviation
    return np.append(plain, weights[-1] - plain @ mean)


def likelihood(weights: np.ndarray, measures: np.ndarray) -> np.ndarray:
    """How much each row of measures looks like a plate, were there as many plates as other print."""
    return np.asarray(1 / (1 + np.exp(-(measures @ weights[:-1] + weights[-1]))))


if __name__ == "__main__":
    main()
