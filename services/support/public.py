"""What customers reach by the link of a survey: a page with the question, which takes the answer."""

from dataclasses import replace
from html import escape
from urllib.parse import parse_qs

from services.support.domain.survey import SCALES, RespondSurvey, Survey
from services.support.domain.survey.events import SurveyRequested
from services.support.mailing.surveys import PURPOSE
from services.support.mailing.words import QUESTIONS, day
from shared.decide import Context, Streams
from shared.errors import FieldError, Invalid, NotFound, Rejected
from shared.events.clock import Clock
from shared.http.answer import Answer
from shared.http.request import Request
from shared.http.route import Route
from shared.mail.page import PUBLIC, page
from shared.mail.tokens import Tokens
from shared.service.aggregate_routes import context_of

TITLE = "How did we do?"
FORM = """{note}<form method="post"><fieldset><legend>{question}</legend>
<p>{low} means {least}, {high} means {most}.</p>{choices}</fieldset>
<p><label for="comment">Anything you want to tell us (optional)</label><br>
<textarea id="comment" name="comment" rows="4" maxlength="{longest}"></textarea></p>
<button>Send</button></form><p>You can answer until {until}.</p>"""
CHOICE = (
    '<p><input type="radio" id="s{n}" name="score" value="{n}" required> <label for="s{n}">{n}</label></p>'
)
THANKS = "<p>Your answer has been noted. With the same link you can correct it.</p>"
OVER = "<p>This survey is over: no answer is taken any more.</p>"
AGAIN = "<p>You have answered already; another answer replaces it.</p>"
LONGEST = 2_000


class SurveyPage:
    """The public door of surveys. Who has the link may answer inside the answer window, and correct it."""

    def __init__(self, surveys: Streams[Survey], tokens: Tokens, clock: Clock) -> None:
        self._surveys, self._tokens, self._clock = surveys, tokens, clock

    def routes(self) -> list[Route]:
        """Return the routes under /s."""
        doors = [("GET", self.ask), ("POST", self.answer)]
        return [Route(method, "/s/<token>", handle, options=PUBLIC) for method, handle in doors]

    def ask(self, request: Request) -> Answer:
        """Show the question; programs that fetch links answer nothing."""
        _, survey, asked = self._named(request)
        if not self._takes(survey, asked):
            return page(TITLE, OVER, 410)
        return page(TITLE, form(asked, AGAIN if survey.status == "responded" else ""))

    def answer(self, request: Request) -> Answer:
        """Take the answer, or say what is wrong with it."""
        key, _, asked = self._named(request)
        try:
            score, comment = said(request.raw)
            self._surveys.handle(
                key, RespondSurvey(key, score, self._clock(), comment), self._context(request)
            )
        except Invalid as wrong:
            told = "; ".join(error.detail for error in wrong.errors)
            return page(TITLE, form(asked, f'<p role="alert">Your answer {escape(told)}.</p>'), 422)
        except Rejected:  # it is over, skipped, or about somebody who was erased
            return page(TITLE, OVER, 410)
        return page("Thank you", THANKS)

    def _named(self, request: Request) -> tuple[str, Survey, SurveyRequested]:
        (key,) = self._tokens.open(PURPOSE, request.params["token"])
        survey = self._surveys.load([key], fresh=True)[key].state
        if survey.requested is None:
            raise NotFound("this link is not known")
        return key, survey, survey.requested

    def _takes(self, survey: Survey, asked: SurveyRequested) -> bool:
        return survey.status in ("requested", "responded") and self._clock() <= asked.answer_by

    def _context(self, request: Request) -> Context:
        context = context_of(request, self._clock)
        return replace(context, meta=replace(context.meta, actor="customer", channel="email"))


def form(asked: SurveyRequested, note: str) -> str:
    """Return the question as a form; `note` is HTML."""
    scale, question = SCALES[asked.kind], QUESTIONS[asked.kind]
    choices = "".join(CHOICE.format(n=n) for n in scale)
    ends = {"low": scale[0], "high": scale[-1], "least": question.least, "most": question.most}
    told = {"question": question.text, "choices": choices, "until": day(asked.answer_by)}
    return FORM.format(note=note, longest=LONGEST, **told, **ends)


def said(raw: bytes) -> tuple[int, str | None]:
    """Return score and comment of a form. Raises Invalid."""
    try:
        fields = parse_qs(raw.decode(), strict_parsing=bool(raw), errors="strict", max_num_fields=10)
        score = int(fields["score"][0])
    except (ValueError, KeyError):
        raise Invalid(FieldError("/score", "needs one of the scores")) from None
    comment = fields.get("comment", [""])[0].replace("\r\n", "\n").strip()
    if len(comment) > LONGEST or "\0" in comment:
        raise Invalid(FieldError("/comment", f"may have {LONGEST} characters of text at most"))
    return score, comment or None
