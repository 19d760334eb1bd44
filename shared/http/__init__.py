"""The HTTP kit: routes in, a WSGI application out. `serving` runs it in a nameko service."""

from shared.http.answer import Answer, Page
from shared.http.app import App, Limits
from shared.http.auth import ADMIN, NOBODY, SERVICE, Bearer, Principal
from shared.http.cursor import PageQuery, decode_cursor, encode_cursor
from shared.http.idempotency import MemoryAnswers, MongoAnswers
from shared.http.key_routes import key_routes
from shared.http.keys import ApiKey, KeyRing, MemoryKeyRing, MongoKeyRing, make_key
from shared.http.problem import Problem
from shared.http.request import Request
from shared.http.route import Options, Route

__all__ = [
    "ADMIN",
    "NOBODY",
    "SERVICE",
    "Answer",
    "ApiKey",
    "App",
    "Bearer",
    "KeyRing",
    "Limits",
    "MemoryAnswers",
    "MemoryKeyRing",
    "MongoAnswers",
    "MongoKeyRing",
    "Options",
    "Page",
    "PageQuery",
    "Principal",
    "Problem",
    "Request",
    "Route",
    "decode_cursor",
    "encode_cursor",
    "key_routes",
    "make_key",
]
