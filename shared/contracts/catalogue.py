"""The one place where every event type is found."""

from collections.abc import Iterator

from shared.contracts.channels import CHANNEL_TYPES
from shared.contracts.contract import Contract
from shared.errors import FieldError, Invalid


class Catalogue:
    """Contracts by full type: channel types from the start, domain events as services add them."""

    def __init__(self, contracts: Iterator[Contract] | tuple[Contract, ...] = ()) -> None:
        self._contracts: dict[str, Contract] = {}
        self.add(*contracts)

    def add(self, *contracts: Contract) -> None:
        """Add contracts. Raises ValueError when a type has two different ones."""
        for contract in contracts:
            known = self._contracts.setdefault(contract.type, contract)
            if known.payload is not contract.payload:
                raise ValueError(f"{contract.type} is declared twice")

    def __getitem__(self, type_: str) -> Contract:
        """Return the contract of a type, or raise Invalid naming it."""
        try:
            return self._contracts[type_]
        except KeyError:
            raise Invalid(FieldError("/type", f"{type_[:200]!r} is not a known event type")) from None

    def __contains__(self, type_: str) -> bool:
        return type_ in self._contracts

    def __iter__(self) -> Iterator[Contract]:
        return iter(self._contracts.values())

    def owned_by(self, service: str, prefix: str = "channel.") -> tuple[Contract, ...]:
        """Return the types with this prefix that `service` applies."""
        return tuple(c for c in self if c.owner == service and c.type.startswith(prefix))


CATALOGUE = Catalogue(CHANNEL_TYPES)
