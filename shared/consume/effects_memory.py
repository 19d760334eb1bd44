"""Effects in memory, for tests."""

from shared.consume.effects import Effect, State


class MemoryEffects:
    """Effects in a dictionary."""

    def __init__(self) -> None:
        self._effects: dict[str, Effect] = {}

    def insert(self, effect: Effect) -> bool:
        """Store a new effect; False when one with its id is there."""
        return self._effects.setdefault(effect.id, effect) is effect

    def get(self, effect_id: str) -> Effect | None:
        """Return the effect, or None."""
        return self._effects.get(effect_id)

    def settle(self, effect: Effect) -> None:
        """Replace the effect with the same id."""
        self._effects[effect.id] = effect

    def forget(self, effect_id: str) -> None:
        """Remove the effect."""
        self._effects.pop(effect_id, None)

    def unknown(self, limit: int = 100) -> list[Effect]:
        """Return parked effects, oldest first."""
        parked = [effect for effect in self._effects.values() if effect.state is State.UNKNOWN]
        return sorted(parked, key=lambda effect: effect.at)[:limit]
