"""RPC: the reads of the HTTP application under names, for nameko's clients."""

import pytest
from nameko.exceptions import IncorrectSignature, MethodNotFound, deserialize

from shared.http.route import Options, Route
from shared.service.rpc_calls import Calls
from shared.service.rpc_problem import RemoteProblem
from tests.http_sample import ADMIN_TOKEN, Sample

CONTEXT = {"auth_token": ADMIN_TOKEN}


@pytest.fixture(scope="module")
def calls():
    """The questions of the sample application, one of them with a name."""
    named = Route(
        "GET",
        "/v1/pets/<name>/toys/<int:number>",
        lambda request: {"toy": request.params["number"], "of": request.params["name"]},
        "pets:read",
        options=Options(call="toy_of"),
    )
    return Calls(Sample(extra=(named,)).app)


def ask(calls, method, *args, context=CONTEXT, **kwargs):
    """Ask as nameko's client does: return the result, raise the error."""
    told = calls.answer(method, {"args": list(args), "kwargs": kwargs}, context)
    if told["error"]:
        raise deserialize(told["error"])
    return told["result"]


def test_reads_are_asked_by_name(calls):
    """One, a page of many, and what a route calls itself: the answers are those of HTTP."""
    assert ask(calls, "get", "pets", "pet003") == {"name": "pet003"}
    first = ask(calls, "list", "pets", limit=2)
    assert [pet["name"] for pet in first["items"]] == ["pet000", "pet001"]
    second = ask(calls, "list", "pets", cursor=first["next_cursor"], limit=1)
    assert [pet["name"] for pet in second["items"]] == ["pet002"]
    assert ask(calls, "toy_of", "Žofka", "7") == {"toy": 7, "of": "Žofka"}


@pytest.mark.parametrize(
    ("method", "args", "context", "status", "kind"),
    [
        ("get", ["pets", "x"], {}, 401, "unauthenticated"),
        ("get", ["pets", "x"], {"auth_token": "nobody's"}, 401, "unauthenticated"),
        ("get", ["fail", "conflict"], CONTEXT, 409, "conflict"),
        ("get", ["fail", "bug"], CONTEXT, 500, "internal-server-error"),
        ("get", ["nothing", "x"], CONTEXT, 404, "not-found"),
        ("get", ["pets", "x/visits/1"], CONTEXT, 422, "invalid"),
        ("get", ["pets", 7], CONTEXT, 422, "invalid"),
        ("list", ["stream"], CONTEXT, 422, "invalid"),
    ],
)
def test_a_refusal_is_the_problem_of_http(calls, method, args, context, status, kind):
    """With status, type and reason, as an error that clients can read."""
    with pytest.raises(RemoteProblem) as refused:
        ask(calls, method, *args, context=context)

    assert refused.value.status == status
    assert refused.value.document["type"] == f"urn:rapport:problem:{kind}"


def test_a_scope_is_needed_as_over_http():
    """A key without the scope is denied, one with it is answered."""
    sample = Sample()
    calls = Calls(sample.app)
    tokens = [sample.key(scope)["Authorization"].split()[1] for scope in ("pets:write", "pets:read")]

    with pytest.raises(RemoteProblem, match="pets:read"):
        ask(calls, "get", "pets", "x", context={"auth_token": tokens[0]})
    assert ask(calls, "get", "pets", "x", context={"auth_token": tokens[1]}) == {"name": "x"}


def test_what_is_no_question_is_said_in_nameko_s_words(calls):
    """Unknown methods, wrong arguments and malformed bodies."""
    with pytest.raises(MethodNotFound):
        ask(calls, "erase_everything")
    with pytest.raises(IncorrectSignature):
        ask(calls, "get", "pets")
    with pytest.raises(IncorrectSignature, match="name, number"):
        ask(calls, "toy_of", "Rex")
    assert calls.answer("get", ["pets"], CONTEXT)["error"]["exc_type"] == "MalformedRequest"
    assert calls.answer("get", None, CONTEXT)["error"]["exc_type"] == "MalformedRequest"


def test_the_error_is_registered_under_the_path_it_travels_with():
    """So a client that knows the class gets it; others get its document as text."""
    told = {"exc_path": "shared.service.rpc_problem.RemoteProblem", "exc_args": [{"status": 409}]}

    assert isinstance(deserialize(told), RemoteProblem)
