"""What recipients reach: unsubscribing, opens and clicks. No key is needed, every link is signed."""

from dataclasses import replace

from services.campaigns.domain.message import MESSAGE, Message, RecordClick, RecordOpen, RequestUnsubscribe
from services.campaigns.domain.message.events import Method
from services.campaigns.domain.recipient import permission
from services.campaigns.mailing.people import People
from shared.decide import Context, Streams
from shared.errors import NotFound, Rejected
from shared.events.clock import Clock
from shared.events.ids import derived
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Route
from shared.mail.page import PUBLIC, page
from shared.mail.tokens import Tokens
from shared.service.aggregate_routes import context_of

PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
ASK = """<p>No more of these messages?</p><form method="post"><button>Unsubscribe</button></form>"""
ONE_CLICK = b"List-Unsubscribe=One-Click"
DONE = "<p>You will get no more of these messages.</p>"


class Public:
    """The public doors of messages. A door that is opened twice does no more than once."""

    def __init__(self, messages: Streams[Message], people: People, tokens: Tokens, clock: Clock) -> None:
        self._messages, self._people, self._tokens, self._clock = messages, people, tokens, clock

    def routes(self) -> list[Route]:
        """Return the routes under /m."""
        doors = [
            ("GET", "/m/unsubscribe/<token>", self.ask),
            ("POST", "/m/unsubscribe/<token>", self.unsubscribe),
            ("GET", "/m/open/<token>", self.opened),
            ("GET", "/m/click/<token>", self.clicked),
        ]
        return [Route(method, path, handle, options=PUBLIC) for method, path, handle in doors]

    def ask(self, request: Request) -> Answer:
        """Show the form; programs that fetch links end nobody's subscription (M-6)."""
        self._tokens.open("unsubscribe", request.params["token"])
        return page("Unsubscribe", ASK)

    def unsubscribe(self, request: Request) -> Answer:
        """Take the form, or the one click of a mail program (RFC 8058)."""
        (key,) = self._tokens.open("unsubscribe", request.params["token"])
        queued = self._messages.load([key], fresh=True)[key].state.queued
        if queued is None:
            raise NotFound("this link is not known")
        people = self._people.find([queued.contact_id])[queued.contact_id].people
        before = permission(people, queued.purpose, queued.channel, self._clock()) is None
        method: Method = "one_click" if ONE_CLICK in request.raw else "form"
        command = RequestUnsubscribe(key, method=method, already_suppressed=before)
        self._messages.handle(key, command, self._context(request, key, "unsubscribe"))
        return page("Done", DONE)

    def opened(self, request: Request) -> Answer:
        """Note that the message was shown."""
        (key,) = self._tokens.open("open", request.params["token"])
        self._note(key, RecordOpen(key, self._clock(), _agent(request)), request)
        return Answer(PIXEL, content_type="image/gif")

    def clicked(self, request: Request) -> Answer:
        """Note the click and lead on; where to is part of the signed link."""
        key, url = self._tokens.open("click", request.params["token"])
        self._note(key, RecordClick(key, self._clock(), url[:2_000], _agent(request)), request)
        return Answer(None, status=302, location=url)

    def _note(self, key: str, command: RecordOpen | RecordClick, request: Request) -> None:
        try:
            self._messages.handle(key, command, self._context(request, key, "engagement"))
        except Rejected:  # a message that never left is nobody's news; the reader gets the page all the same
            return

    def _context(self, request: Request, key: str, what: str) -> Context:
        context = context_of(request, self._clock)
        meta = replace(
            context.meta, actor="customer", channel="email", correlation_id=derived(what, MESSAGE.stream(key))
        )
        return replace(context, meta=meta)


def _agent(request: Request) -> str:
    return str(request.environ.get("HTTP_USER_AGENT") or "")[:500]
