"""The customers of the sample company."""

from dataclasses import dataclass
from random import Random

from shared.demo.words import COUNTRIES, FAMILY, GIVEN


@dataclass(frozen=True, slots=True)
class Person:
    """One customer and the identifiers each channel knows."""

    number: int
    given_name: str
    family_name: str
    country: str
    online: bool
    card: bool
    business: bool
    eagerness: float

    @property
    def email(self) -> str:
        """The address the web shop knows."""
        return f"{self.given_name}.{self.family_name}{self.number}@example.com".lower()

    @property
    def phone(self) -> str:
        """The number the call centre sees; from a range kept for fiction."""
        return f"+44 7700 9{self.number % 100_000:05d}"

    @property
    def visitor(self) -> dict[str, str]:
        """What an anonymous web visit shows."""
        return {"visitor_id": f"visitor-{self.number:06d}"}

    @property
    def shopper(self) -> dict[str, str]:
        """What the web shop knows after log-in."""
        return {"email": self.email, "country": self.country}

    @property
    def registration(self) -> dict[str, str]:
        """What the web shop learns at registration; the loyalty card, too, when there is one."""
        known = self.visitor | self.shopper | {"given_name": self.given_name, "family_name": self.family_name}
        return known | {"phone": self.phone} | (self.cardholder if self.card else {})

    @property
    def cardholder(self) -> dict[str, str]:
        """What a till knows."""
        return {"loyalty_id": f"L-{self.number:06d}"}

    @property
    def caller(self) -> dict[str, str]:
        """What the call centre knows."""
        return {"phone": self.phone, "name": f"{self.given_name} {self.family_name}"}


def person(seed: int, number: int) -> Person:
    """Return the `number`-th customer of the company `seed`."""
    chance = Random(f"{seed}/person/{number}")  # noqa: S311 - a sample company needs no secrets
    online = chance.random() < 0.8
    return Person(
        number=number,
        given_name=chance.choice(GIVEN),
        family_name=chance.choice(FAMILY),
        country=chance.choice(COUNTRIES),
        online=online,
        card=not online or chance.random() < 0.4,
        business=chance.random() < 0.05,
        eagerness=chance.lognormvariate(0.0, 0.7),
    )
