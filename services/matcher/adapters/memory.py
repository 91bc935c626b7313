"""How this process collects garbage: a batch of records is hundreds of thousands of objects, none in a cycle."""

import gc

_OBJECTS_BETWEEN = 100_000


def collect_rarely() -> None:
    """Has the collector look at a batch's records seldom, and at all that is there by now never again.

    Looking through them as often as Python does by default takes half of the time of reading them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN, 20, 20)
