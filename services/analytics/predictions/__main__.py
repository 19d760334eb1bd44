"""`python -m services.analytics.predictions`: one calculation, from standard input to standard output."""

import json
import sys
import warnings
from typing import Any


def main() -> None:
    """Read `{"work", "inputs"}` and write `{"result"}`, or `{"reason"}` when the data lead to no result."""
    from services.analytics.predictions.fitting import NoFit
    from services.analytics.predictions.trend import TooLittle
    from services.analytics.predictions.work import WORK

    warnings.simplefilter("ignore")  # of steps that an optimiser tries and leaves again
    asked = json.load(sys.stdin)
    try:
        answer: dict[str, Any] = {"result": WORK[asked["work"]](asked["inputs"])}
    except (NoFit, TooLittle) as error:
        answer = {"reason": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
