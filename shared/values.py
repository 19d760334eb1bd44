"""Value types of payloads: nothing but the standard library, so that domains may use them."""

from dataclasses import Field, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from shared.errors import FieldError, Invalid, Rejected


@dataclass(frozen=True, slots=True)
class Length:
    """Bounds on the number of characters or items."""

    least: int = 0
    most: int = 2_000


@dataclass(frozen=True, slots=True)
class Between:
    """Bounds on a number, both included."""

    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """A regular expression the whole text has to match, and the words that say so."""

    pattern: str
    says: str


@dataclass(frozen=True, slots=True)
class Personal:
    """The text tells about a person: it is sealed with that person's key before it is stored or published."""


# Metadata of a command's field that no caller gives: the service fills it in before it decides.
FILLED = {"filled": True}


def is_filled(declared: Field[Any]) -> bool:
    """Tell whether the service fills in a field."""
    return bool(declared.metadata.get("filled"))


Id = Annotated[str, Length(1, 200)]
Code = Annotated[str, Length(1, 100)]
Text = Annotated[str, Length(0, 2_000)]
# Room for the sealed form of 20,000 characters: 4 bytes each, base64, and whose key it is.
Secret = Annotated[str, Length(0, 120_000), Personal()]
Whole = Annotated[int, Between(0, 2**53)]
Positive = Annotated[int, Between(1, 2**53)]
Days = Annotated[int, Between(1, 36_525)]
Currency = Annotated[str, Matching(r"^[A-Z]{3}$", "needs to be an ISO 4217 code of three capital letters")]
Price = Annotated[
    str, Matching(r"^[0-9]{1,12}(\.[0-9]{1,6})?$", "needs to be a decimal number such as 12.50")
]
Share = Annotated[
    str, Matching(r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$", "needs to be a decimal number from 0 to 1")
]

# Currencies without or with three decimals, ISO 4217; every other has two.
MINOR_DIGITS = {
    "JPY": 0,
    "KRW": 0,
    "VND": 0,
    "CLP": 0,
    "ISK": 0,
    "BHD": 3,
    "JOD": 3,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
}


MOST_MONEY = 10**15


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents) of one currency."""

    amount: Annotated[int, Between(-(2**53), 2**53)]
    currency: Currency

    def __post_init__(self) -> None:
        if abs(self.amount) > MOST_MONEY:
            raise Invalid(FieldError("/amount", f"is beyond {MOST_MONEY} minor units"))

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise Rejected(f"{other.currency} can not be added to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + Money(-other.amount, other.currency)


def minor_units(amount: Decimal, currency: str) -> int:
    """Return `amount` in minor units, half rounded up. Raises Invalid when it is beyond all business."""
    scaled = amount.scaleb(MINOR_DIGITS.get(currency, 2))
    if abs(scaled) > MOST_MONEY:
        raise Invalid(FieldError("/amount", f"is beyond {MOST_MONEY} minor units"))
    return int(scaled.quantize(Decimal(1), ROUND_HALF_UP))
