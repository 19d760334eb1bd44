"""The limit: frames walked by hand, nothing decoded: `URL QUEUE TOTAL`."""

import json
import sys

from tests.bench.raw import drain
from tests.bench.repeats import rate

if __name__ == "__main__":
    url, queue, total = sys.argv[1:]
    found = rate(int(total), lambda: drain(url, queue, int(total)))
    sys.stdout.write(json.dumps({"rate": found}) + "\n")
