"""Every service keeps what its OpenAPI document says, whatever a client sends."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.place import SERVICES
from tests.stack import RunningStack

pytestmark = [pytest.mark.integration, pytest.mark.slow]
# A front door answers bad items one by one with 202, and a body too large or a stale version is refused by
# statuses this check does not know: refusals are tested on their own.
OTHERWISE_TESTED = (
    "negative_data_rejection,positive_data_acceptance,missing_required_header,unsupported_method"
)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("service", SERVICES)
def test_generated_requests_meet_only_documented_answers(
    running_stack: RunningStack, service: str, tmp_path: Path
) -> None:
    """Thousands of valid and broken requests: no server error, no undocumented status, form or type."""
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "run",
        f"{running_stack.url(service)}/openapi.json",
        *("--header", f"Authorization: Bearer {running_stack.admin_key}"),
        *("--max-examples", "6", "--seed", "7", "--phases", "examples,coverage,fuzzing"),
        *("--exclude-checks", OTHERWISE_TESTED, "--suppress-health-check", "all", "--no-color"),
    ]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    told = "\n".join(line[:300] for line in ran.stdout.splitlines())
    assert ran.returncode == 0, told[-6000:] + ran.stderr[-2000:]
