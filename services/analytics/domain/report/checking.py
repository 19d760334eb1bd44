"""What can be wrong with a template: every place, named."""

from collections.abc import Iterator

from services.analytics.domain.report.commands import SaveTemplate
from services.analytics.domain.report.events import Block
from shared.errors import FieldError

WORDS, ANSWERS = ("heading", "text"), ("value", "table", "chart")


def wrong(command: SaveTemplate) -> Iterator[FieldError]:
    """Yield everything that is wrong with the parts of a template among each other."""
    names = [query.name for query in command.queries]
    for place, query in enumerate(command.queries):
        if names.index(query.name) != place:
            yield FieldError(f"/queries/{place}/name", f"{query.name} is there twice")
    for place, block in enumerate(command.layout):
        yield from _block(block, names, f"/layout/{place}")


def _block(block: Block, names: list[str], at: str) -> Iterator[FieldError]:
    if block.kind in WORDS and not block.text:
        yield FieldError(f"{at}/text", "is missing")
    if block.kind in WORDS and block.query:
        yield FieldError(f"{at}/query", f"belongs to a {', a '.join(ANSWERS)}")
    if block.kind in ANSWERS and block.query not in names:
        yield FieldError(
            f"{at}/query", f"needs to be one of the queries: {', '.join(names) or 'there are none'}"
        )
