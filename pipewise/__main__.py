"""`python -m pipewise`: the same as the console script."""

import sys

from pipewise.cli import main

if __name__ == "__main__":
    sys.exit(main())
