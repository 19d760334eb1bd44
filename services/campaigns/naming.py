"""Whom a submitted form is about: the strongest identifier among its answers."""

from services.campaigns.domain.submission import SubmitForm
from shared.identity import KINDS, Refs
from shared.service.preparing import Prepared


def named(refs: Refs, command: SubmitForm) -> Prepared:
    """Return the submission with the ref its answers are sealed for. Raises Invalid."""
    known = {kind: answer for kind in KINDS if (answer := command.answers.get(kind, "").strip())}
    if command.visitor_id:
        known.setdefault("visitor_id", command.visitor_id)
    return Prepared(command, customer=refs.customer(known))
