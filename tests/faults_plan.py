"""How much is tried where trying more takes long: a short form in every test run, the long one by `make faults`."""

import os

ENVIRONMENT_NAME = "PIPEWISE_FAULTS"


def is_long() -> bool:
    return os.environ.get(ENVIRONMENT_NAME) == "long"
