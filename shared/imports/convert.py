"""Converters: what a mapping may do to a value. Each raises ValueError with the reason in words."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

Convert = Callable[[Any], Any]


def converter(spec: Any) -> Convert:
    """Return the converter of `lower`, `{strip_suffix: ".0"}` or `{datetime: "%Y", zone: Europe/London}`.

    Raises ValueError when there is no such converter or its argument is wrong.
    """
    if isinstance(spec, str):
        plain: Convert = _named(_PLAIN, spec)
        return plain
    if isinstance(spec, Mapping) and spec:
        name, argument = next(iter(spec.items()))
        rest = {key: value for key, value in spec.items() if key != name}
        try:
            made: Convert = _named(_MAKERS, name)(argument, **rest)
        except TypeError as error:
            raise ValueError(f"{name} does not take {', '.join(rest)}") from error
        return made
    raise ValueError("is not a converter")


def decimal(value: Any) -> Decimal:
    """Read a plain decimal number."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number") from error
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a number")
    return number


def _named(known: Mapping[str, Any], name: str) -> Any:
    if name not in known:
        raise ValueError(f"{name} is no converter; there are {', '.join(sorted([*_PLAIN, *_MAKERS]))}")
    return known[name]


def _integer(value: Any) -> int:
    number = decimal(value)
    if number != number.to_integral_value():
        raise ValueError(f"{value!r} is not a whole number")
    return int(number)


def _strip_suffix(suffix: str) -> Convert:
    return lambda value: str(value).removesuffix(suffix)


def _strip_prefix(prefix: str) -> Convert:
    return lambda value: str(value).removeprefix(prefix)


def _minor_units(digits: int) -> Convert:
    return lambda value: _integer(decimal(value).scaleb(digits))


def _datetime(form: str, zone: str = "UTC") -> Convert:
    where = ZoneInfo(zone)

    def convert(value: Any) -> str:
        moment = _read(value, form)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=where)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    return convert


def _date(form: str) -> Convert:
    return lambda value: _read(value, form).date().isoformat()


def _read(value: Any, form: str) -> datetime:
    try:
        return datetime.strptime(str(value).strip(), form)  # noqa: DTZ007 - the zone is the mapping's
    except ValueError as error:
        raise ValueError(f"{value!r} is not a time in the form {form}") from error


def _boolean(words: Mapping[str, Any]) -> Convert:
    # YAML reads the bare keys `true` and `false` as booleans.
    known = {
        str(word).lower(): str(truth).lower() == "true"
        for truth, each in words.items()
        for word in _list(each)
    }
    return lambda value: _looked_up(known, str(value).lower())


def _lookup(table: Mapping[Any, Any], otherwise: Any = None) -> Convert:
    known = {str(key): value for key, value in table.items()}
    return lambda value: known.get(str(value), otherwise) if otherwise else _looked_up(known, str(value))


def _looked_up(known: Mapping[str, Any], value: str) -> Any:
    if value not in known:
        raise ValueError(f"{value!r} is not one of {', '.join(known)}")
    return known[value]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_PLAIN: dict[str, Convert] = {
    "text": str,
    "strip": lambda value: str(value).strip(),
    "lower": lambda value: str(value).lower(),
    "upper": lambda value: str(value).upper(),
    "integer": _integer,
    "decimal": lambda value: format(decimal(value), "f"),
    "absolute": lambda value: abs(value if isinstance(value, int) else decimal(value)),
}
_MAKERS: dict[str, Callable[..., Convert]] = {
    "strip_suffix": _strip_suffix,
    "strip_prefix": _strip_prefix,
    "minor_units": _minor_units,
    "datetime": _datetime,
    "date": _date,
    "boolean": _boolean,
    "lookup": _lookup,
}
