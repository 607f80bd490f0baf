"""Python's garbage collection in a process that serves for a long time."""

import gc

# Graph runs make thousands of short-lived containers each; Python's 700 would have a turn collected a dozen times.
YOUNG, MIDDLE, OLD = 10_000, 20, 20


def settle() -> None:
    """Once all is loaded. What start-up made stays for good: a full collection that walked it would hold up the event loop for a
    tenth of a second, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
