"""`python -m shared.service contacts`: run one service with the settings of the environment."""

# ruff: noqa: E402 - the patch must come before everything that opens sockets or makes threads
import warnings

# The runtime is a known choice; its notice belongs into the design, not into every log.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import sys

from shared.config import BadSettings, Settings
from shared.service import runner
from shared.telemetry import logs


def main(name: str) -> int:
    """Run the service; 2 when the settings are wrong."""
    try:
        settings = Settings.read(service=name)
    except BadSettings as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.configure(name, settings.log_level)
    runner.host(runner.service_class(name), settings, runner.build(name, settings))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
