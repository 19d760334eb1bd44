"""What every contact may have, declared or not."""

from shared.plan.fields import Rule

STANDARD: dict[str, Rule] = {
    "given_name": Rule("text"),
    "family_name": Rule("text"),
    "name": Rule("text"),
    "country": Rule("text"),
    "birth_date": Rule("date"),
}
