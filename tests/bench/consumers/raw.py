"""The limit: frames walked by hand, nothing decoded: `URL QUEUE TOTAL`."""

import json
import sys

from tests.bench.raw import drain

if __name__ == "__main__":
    url, queue, total = sys.argv[1:]
    sys.stdout.write(json.dumps({"rate": drain(url, queue, int(total))}) + "\n")
