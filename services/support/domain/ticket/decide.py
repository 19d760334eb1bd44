"""The table of what a ticket decides; what follows for its clocks is added to every decision."""

from collections.abc import Callable
from typing import Any

from services.support.domain.ticket import commands as asked
from services.support.domain.ticket import joining, talking, waiting, working
from services.support.domain.ticket import joining_commands as linking
from services.support.domain.ticket.sla import followed
from services.support.domain.ticket.state import Ticket
from shared.decide.decider import Elapsed
from shared.plan import SetField

DECIDE: dict[type, Callable[[Ticket, Any], list[Any]]] = {
    asked.OpenTicket: talking.open_,
    asked.ReceiveMessage: talking.receive,
    asked.SendReply: talking.reply,
    asked.AddNote: talking.note,
    asked.AssignTicket: working.assign,
    asked.ClassifyTicket: working.classify,
    asked.ChangePriority: working.change_priority,
    asked.EscalateTicket: working.escalate,
    asked.ApplyPolicy: working.apply_policy,
    asked.HoldTicket: working.hold,
    asked.ResumeTicket: working.resume,
    asked.ResolveTicket: working.resolve,
    asked.ReopenTicket: working.reopen,
    asked.CloseTicket: working.close,
    asked.MarkSpam: working.mark_spam,
    linking.MergeTickets: joining.merge,
    linking.AbsorbTicket: joining.absorb,
    linking.SplitTicket: joining.split,
    linking.ContinueTicket: joining.continue_,
    linking.LinkProblem: joining.link_problem,
    linking.HearResolution: joining.hear_resolution,
    linking.HearReturn: joining.hear_return,
    linking.NoteGuideAnswer: joining.note_guide_answer,
    asked.AskSurvey: working.ask_survey,
    SetField: waiting.FIELDS[SetField],
    Elapsed: waiting.elapsed,
}


def decide(ticket: Ticket, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    events = DECIDE[type(command)](ticket, command)
    return followed(ticket, events, command.at, due_now=isinstance(command, Elapsed))
