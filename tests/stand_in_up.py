"""`./rapport up` with stand-ins in place of the services."""

import sys

from deploy.local.up import main

if __name__ == "__main__":
    sys.exit(main(command=lambda name: [sys.executable, "-m", "tests.stand_in", name]))
