"""Ship the committed contracts of the channel events inside the package."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import (  # type: ignore[import-not-found]
    BuildHookInterface,
)


class ShipContracts(BuildHookInterface):  # type: ignore[misc]
    """Put every `channel.*.json` next to the code."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Add the files to the build. Raises RuntimeError when there are none."""
        folder = Path(self.root).parent / "contracts" / "schemas"
        found = sorted(folder.glob("channel.*.json"))
        if not found:
            raise RuntimeError(f"no channel contracts in {folder}; run `rapport contracts write`")
        build_data["force_include"] |= {str(path): f"schemas/{path.name}" for path in found}
