"""The HTTP kit's answers: problems, conditions, pages, limits and repeats."""

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.http import Limits
from tests.http_sample import ADMIN, SERVICE_TOKEN, Sample

JSON = {"Content-Type": "application/json", **ADMIN}


@pytest.fixture(scope="module")
def sample() -> Sample:
    """One application for tests that leave no trace."""
    return Sample()


def test_a_valid_request_is_answered(sample: Sample) -> None:
    """Success has the route's status, the ETag of the version, and the location in ASCII."""
    answer = sample.client.post("/v1/pets", json={"name": "Žofka"}, headers=ADMIN)
    assert (answer.status_code, answer.json["name"], answer.json["kind"]) == (201, "Žofka", "cat")
    assert (answer.headers["ETag"], answer.headers["Location"]) == ('"1"', "/v1/pets/%C5%BDofka")


@pytest.mark.parametrize(
    ("how", "status", "kind"),
    [
        ("missing", 404, "not-found"),
        ("conflict", 409, "conflict"),
        ("raced", 409, "wrong-expected-version"),
        ("denied", 403, "denied"),
        ("away", 503, "service-unavailable"),
        ("corrupt", 500, "corrupt"),
        ("bug", 500, "internal-server-error"),
    ],
)
def test_each_error_has_its_status(sample: Sample, how: str, status: int, kind: str) -> None:
    """Every kind of failure is a problem document of its own type and status, with the request's id."""
    answer = sample.client.get(f"/v1/fail/{how}", headers={**ADMIN, "X-Request-ID": "r-1"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json["type"], answer.json["status"]) == (f"urn:rapport:problem:{kind}", status)
    assert (answer.json["instance"], answer.json["request_id"]) == (f"/v1/fail/{how}", "r-1")
    assert answer.headers["X-Request-ID"] == "r-1"


def test_a_lost_race_is_a_failed_precondition_when_one_was_given(sample: Sample) -> None:
    """WrongExpectedVersion is 412 for a request with If-Match."""
    assert sample.client.put("/v1/fail/raced", headers={**ADMIN, "If-Match": '"3"'}).status_code == 412


@pytest.mark.parametrize("how", ["bug", "corrupt"])
def test_no_internals_leak(sample: Sample, how: str) -> None:
    """The text of an unexpected error stays in the log."""
    assert "detail" not in sample.client.get(f"/v1/fail/{how}", headers=ADMIN).json


def test_an_unavailable_dependency_says_when_to_retry(sample: Sample) -> None:
    """503 carries Retry-After in seconds."""
    assert sample.client.get("/v1/fail/away", headers=ADMIN).headers["Retry-After"] == "7"


def test_unknown_paths_and_methods_are_problems(sample: Sample) -> None:
    """404 and 405 are problem documents; 405 names what is allowed."""
    assert sample.client.get("/nowhere").json["type"] == "urn:rapport:problem:not-found"
    answer = sample.client.patch("/v1/pets")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")


def test_every_wrong_field_is_named(sample: Sample) -> None:
    """422 lists each field with its JSON pointer."""
    answer = sample.client.post("/v1/pets", json={"kind": "cow", "tags": ["a", 1], "a/b": 0}, headers=ADMIN)
    assert answer.status_code == 422
    assert {e["pointer"] for e in answer.json["errors"]} == {"/name", "/kind", "/tags/1", "/a~1b"}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("limit=0", "?limit"), ("limit=201", "?limit"), ("limit=x", "?limit"), ("cursor=%21", "?cursor"),
     ("cursor=eyJhIjoxfQ", "?cursor"), ("cursor=WzFd", "?cursor"), ("nope=1", "?nope"),
     ("limit=1&limit=2", "?limit"), ("limit=99999999999999999999999", "?limit"), ("cursor=%00", "?cursor")],
)  # fmt: skip
def test_every_wrong_parameter_is_named(sample: Sample, query: str, pointer: str) -> None:
    """Query errors are 422 and name the parameter, malformed cursors included."""
    answer = sample.client.get(f"/v1/pets?{query}", headers=ADMIN)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_pages_link_to_each_other(sample: Sample) -> None:
    """Following next_cursor, in the body or the Link header, visits every item once."""
    seen, path = [], "/v1/pets?limit=50"
    while path:
        answer = sample.client.get(path, headers=ADMIN)
        seen += [item["name"] for item in answer.json["items"]]
        assert ("Link" in answer.headers) == (answer.json["next_cursor"] is not None)
        path = answer.headers["Link"].split(">")[0][1:] if "Link" in answer.headers else ""
    assert seen == sample.pets.names


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"", 422), (b'{"name": NaN}', 400), (b'{"name": "\xff"}', 400),
        (b'{"name": "\\ud800"}', 400), (b"[" * 33 + b"1" + b"]" * 33, 400), (b"[" * 5000 + b"]" * 5000, 400),
        (b'{"name": "a\\u0000b"}', 422), (b'{"name": "a", "age": 9223372036854775808}', 422),
        (b'{"name": "a", "age": 1e300}', 422), (b"[]", 422),
        (b"null", 422), (b'"text"', 422), (b'{"a\\u0000": 1}', 422), (b'{"name": "a\\\\u0000"}', 201),
        (b'{"name": "a", "age": 9223372036854775807}', 201),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused(sample: Sample, body: bytes, status: int) -> None:
    """Broken JSON is 400, values no store can hold are 422, and nothing else is harmed."""
    assert sample.client.post("/v1/pets", data=body, headers=JSON).status_code == status


def test_a_handler_may_parse_by_itself(sample: Sample) -> None:
    """`request.json()` has the same checks as a schema's body."""
    assert sample.client.post("/v1/raw", data=b"[1]", headers=JSON).json == {"json": [1]}
    assert sample.client.post("/v1/raw", data=b"[", headers=JSON).status_code == 400
    events = {**ADMIN, "Content-Type": "application/cloudevents-batch+json; charset=utf-8"}
    assert sample.client.post("/v1/raw", data=b"[1]", headers=events).status_code == 200
    assert (
        sample.client.post("/v1/raw", data=b"[1]", headers={**ADMIN, "Content-Type": "text/xml"}).status_code
        == 415
    )


def test_the_content_type_is_checked(sample: Sample) -> None:
    """A body that does not say it is JSON is 415."""
    assert sample.client.post("/v1/pets", data=b"{}", headers=ADMIN).status_code == 415


def test_bodies_have_a_limit() -> None:
    """A body over the limit is 413, on the wire and after gzip."""
    sample = Sample(Limits(body_bytes=1000, inflated_bytes=2000))
    assert sample.client.post("/v1/raw", data=b"[" + b"1," * 600 + b"1]", headers=JSON).status_code == 413
    packed = {**JSON, "Content-Encoding": "gzip"}
    fits, bomb = (gzip.compress(b"[" + b"1," * n + b"1]", mtime=0) for n in (900, 100_000))
    assert sample.client.post("/v1/raw", data=fits, headers=packed).status_code == 200
    assert sample.client.post("/v1/raw", data=bomb, headers=packed).status_code == 413


@pytest.mark.parametrize(("data", "encoding", "status"), [
    (b"not gzip", "gzip", 400), (gzip.compress(b"[1]", mtime=0)[:-4], "gzip", 400),
    (gzip.compress(b"[1]", mtime=0) + b"x", "gzip", 400),
    (b"[1]", "br", 415), (b"[1]", "identity", 200),
])  # fmt: skip
def test_packed_bodies_are_whole_or_refused(sample: Sample, data: bytes, encoding: str, status: int) -> None:
    """Only one complete gzip member is unpacked."""
    headers = {**JSON, "Content-Encoding": encoding}
    assert sample.client.post("/v1/raw", data=data, headers=headers).status_code == status


def test_long_answers_are_packed_on_request(sample: Sample) -> None:
    """Gzip only when accepted and long enough, and caches are told."""
    packed = sample.client.get("/v1/long", headers={**ADMIN, "Accept-Encoding": "gzip"})
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    plain = sample.client.get("/v1/long", headers=ADMIN)
    assert json.loads(gzip.decompress(packed.data)) == plain.json
    assert "Content-Encoding" not in plain.headers


def test_streams_pass_through(sample: Sample) -> None:
    """An iterator of bytes is sent as it comes; HEAD sends none of it."""
    assert sample.client.get("/v1/stream", headers=ADMIN).data == b"a\nb\n"
    assert sample.client.head("/v1/stream", headers=ADMIN).data == b""


def test_writes_are_conditional(sample: Sample) -> None:
    """428 without If-Match, 412 with an old one, 400 with none this service gave; success moves the ETag."""
    put = lambda tag: sample.client.put(  # noqa: E731
        "/v1/pets/a", json={"name": "b"}, headers={**ADMIN, **({"If-Match": tag} if tag else {})}
    )
    assert [put(tag).status_code for tag in (None, '"6"', 'W/"7"', "7", '"7"')] == [428, 412, 400, 400, 200]
    assert put('"7"').headers["ETag"] == '"8"'


def test_any_version_may_be_demanded(sample: Sample) -> None:
    """`If-Match: *` satisfies a route that wants the header, and demands no version."""
    headers = {**ADMIN, "If-Match": "*"}
    answer = sample.client.put("/v1/fail/raced", headers=headers)
    assert answer.status_code == 412
    assert sample.client.put("/v1/pets/a", json={"name": "b"}, headers=headers).status_code == 412


def test_reads_are_conditional(sample: Sample) -> None:
    """304 without a body when the caller's copy is current."""
    known = sample.client.get("/v1/pets/a", headers={**ADMIN, "If-None-Match": '"7"'})
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", '"7"')
    assert sample.client.get("/v1/pets/a", headers={**ADMIN, "If-None-Match": '"6"'}).status_code == 200


def test_a_repeat_gets_the_first_answer() -> None:
    """Same Idempotency-Key and body: one effect, the same status and body, and a header that says so."""
    sample = Sample()
    headers = {**ADMIN, "Idempotency-Key": "k1"}
    first, again = (sample.client.post("/v1/pets", json={"name": "a"}, headers=headers) for _ in range(2))
    assert (first.status_code, first.data, first.headers["ETag"]) == (201, again.data, again.headers["ETag"])
    assert (again.status_code, again.headers["Idempotency-Replayed"], sample.pets.made) == (201, "true", 1)
    other = sample.client.post("/v1/pets", json={"name": "b"}, headers=headers)
    assert (other.status_code, other.json["type"]) == (422, "urn:rapport:problem:idempotency-key-reused")


def test_a_repeat_waits_for_the_first() -> None:
    """409 while the first request under the key is still running."""
    inner: list[int] = []
    sample = Sample()
    headers = {**ADMIN, "Idempotency-Key": "k1"}
    make = sample.pets.make

    def slow(request):
        sample.pets.make = make
        inner.append(sample.client.post("/v1/pets", json={"name": "a"}, headers=headers).status_code)
        return make(request)

    sample.pets.make = slow
    assert sample.client.post("/v1/pets", json={"name": "a"}, headers=headers).status_code == 201
    assert inner == [409]


def test_a_refused_request_is_not_remembered() -> None:
    """A request that failed had no effect: its repeat is decided afresh, under the same command id."""
    sample, ids = Sample(), []

    def flaky(request):
        ids.append(request.command_id)
        if len(ids) == 1:
            raise ValueError("first")
        return request.body

    sample.pets.make = flaky
    headers = {**ADMIN, "Idempotency-Key": "k1"}
    statuses = [
        sample.client.post("/v1/pets", json={"name": "a"}, headers=headers).status_code for _ in range(2)
    ]
    assert (statuses, len(set(ids))) == ([500, 201], 1)


def test_keys_have_a_rate() -> None:
    """Too many requests of one key are 429 with Retry-After; another key is not affected."""
    sample = Sample(Limits(rate="3/minute"))
    statuses = [sample.client.get("/v1/pets/a", headers=ADMIN).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert int(sample.client.get("/v1/pets/a", headers=ADMIN).headers["Retry-After"]) <= 60
    assert sample.client.get("/v1/pets/a", headers=sample.key("pets:read")).status_code == 200


def test_readiness_names_its_reasons() -> None:
    """/readyz is 200 while all checks hold, else 503 with each reason; an error in a check is one."""
    sample = Sample()
    assert sample.client.get("/readyz").json == {"ready": True, "reasons": []}
    failing = Sample()
    failing.app.readiness._checks.update(queue=lambda: "no connection", clock=lambda: 1 / 0)
    failing.app.watch(lambda: {"relay": "not the leader"})
    answer = failing.client.get("/readyz")
    reasons = ["queue: no connection", "clock: ZeroDivisionError", "relay: not the leader"]
    assert (answer.status_code, answer.json) == (503, {"ready": False, "reasons": reasons})


def test_metrics_are_for_this_machine_or_a_key(sample: Sample) -> None:
    """A remote or proxied caller of /metrics needs the scope."""
    get = lambda remote, **headers: sample.client.get(  # noqa: E731
        "/metrics", environ_base={"REMOTE_ADDR": remote}, headers=headers
    )
    assert b"rapport_http_requests_total" in get("127.0.0.1").data
    assert get("10.0.0.9").status_code == 401
    assert get("127.0.0.1", **{"X-Forwarded-For": "10.0.0.9"}).status_code == 401
    assert get("10.0.0.9", Authorization=f"Bearer {SERVICE_TOKEN}").status_code == 200


def test_every_answer_is_hardened(sample: Sample) -> None:
    """Security headers are on successes, problems and pages alike."""
    for path in ("/v1/pets", "/nowhere", "/docs", "/healthz"):
        headers = sample.client.get(path, headers=ADMIN).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


PATHS = st.sampled_from(
    ["/v1/pets", "/v1/raw", "/v1/keys", "/v1/pets/a", "/v1/pets/a/visits/1", "/%ff", "/a%00b", "/docs"]
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(["name", "age", "scopes"]), inner)
    ),
    max_leaves=20,
)
BODIES = st.binary(max_size=300) | JSON_VALUES.map(lambda value: json.dumps(value).encode())
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)
HEADERS = st.dictionaries(
    st.sampled_from(["If-Match", "If-None-Match", "Idempotency-Key", "Content-Encoding",
                     "Traceparent", "X-Request-ID", "Accept-Encoding", "Content-Type", "X-Correlation-ID",
                     "Content-Length"]),
    TEXTS, max_size=4,
)  # fmt: skip
QUERIES = st.text(st.characters(max_codepoint=127), max_size=40) | st.sampled_from(
    ["cursor=%ff", "limit=1e9", "cursor=W10"]
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "BREW"]),
    path=PATHS, body=BODIES, headers=HEADERS, query=QUERIES, typed=st.booleans(),
)  # fmt: skip
def test_no_input_is_a_server_error(sample: Sample, method, path, body, headers, query, typed) -> None:
    """Whatever bytes, headers and queries arrive, the answer is below 500 and says what is wrong."""
    sent = {**headers, **(JSON if typed else ADMIN)}
    answer = sample.client.open(
        path, method=method, data=body, headers=list(sent.items()), environ_overrides={"QUERY_STRING": query}
    )
    assert answer.status_code < 500
    if answer.status_code >= 400 and method != "HEAD":
        assert answer.json["status"] == answer.status_code
