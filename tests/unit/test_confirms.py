"""Confirms: which tags are answered."""

from hypothesis import given
from hypothesis import strategies as st

from shared.relay.confirms import Confirms


def test_single_and_multiple_answers_mix() -> None:
    """A multiple answer covers what is open below it, and only that."""
    confirms = Confirms()
    for _ in range(6):
        confirms.next()
    confirms.ack(4, multiple=False)
    confirms.nack(3, multiple=True)
    assert (confirms.open, confirms.nacked) == (2, [1, 2, 3])
    confirms.ack(6, multiple=True)
    assert confirms.open == 0


@given(st.lists(st.tuples(st.integers(1, 20), st.booleans(), st.booleans())))
def test_every_tag_is_answered_once(answers: list[tuple[int, bool, bool]]) -> None:
    """Whatever the order of answers, the open tags are those no answer named (against a plain model)."""
    confirms, open_tags, nacked = Confirms(), set(range(1, 21)), set()
    for _ in range(20):
        confirms.next()
    for tag, multiple, good in answers:
        named = {each for each in open_tags if each == tag or (multiple and each < tag)}
        open_tags -= named
        nacked |= set() if good else named
        (confirms.ack if good else confirms.nack)(tag, multiple)
    assert (confirms.open, set(confirms.nacked)) == (len(open_tags), nacked)
    assert len(confirms.nacked) == len(nacked)
