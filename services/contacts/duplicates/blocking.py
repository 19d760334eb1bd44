"""Who is compared with whom: people who share a key. A key is met by most spellings of one person. Pure."""

from collections.abc import Iterator

from services.contacts.duplicates.person import Person

CODES = {
    letter: str(n)
    for n, group in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1)
    for letter in group
}


def keys(person: Person) -> list[str]:
    """Return the blocking keys of a person; nobody without a name or a date of birth has one."""
    return sorted(set(_keys(person)))


def _keys(person: Person) -> Iterator[str]:
    given, family, born, post = sound(person.given), sound(person.family), person.born, person.postcode
    if born:
        yield f"born|{born}"
    for first, second in ((given, family), (family, given)):  # given and family name are often swapped
        if first and second:
            yield f"names|{first}|{second}"
    for name in filter(None, (given, family)):
        if len(born) == 8:
            yield f"name year|{name}|{born[:4]}"
            yield f"name day|{name}|{born[4:]}"
        if post:
            yield f"name post|{name}|{post}"
    if post and person.house:
        yield f"house|{person.house}|{post}"


def sound(name: str) -> str:
    """Return the Soundex code of the first word (National Archives, Washington), '' for no letters."""
    word = "".join(c for c in name.partition(" ")[0] if c.isascii() and c.isalpha())
    if not word:
        return ""
    code, last = word[0], CODES.get(word[0], "")
    for letter in word[1:]:
        digit = CODES.get(letter, "")
        if digit and digit != last:
            code += digit
        if letter not in "hw":
            last = digit
    return (code + "000")[:4]
