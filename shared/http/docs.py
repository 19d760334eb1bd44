"""`/docs`: the reference of a service as one page of HTML, without scripts and without outside requests."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape
from typing import Any

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--dim:#556070;--page:#fff;--card:#f5f7fa;
--line:#d5dbe3;--link:#0b57b8}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--dim:#a7b1bf;--page:#12161c;--card:#1b212a;
--line:#364050;--link:#8ab8ff}}
*{box-sizing:border-box}
body{margin:0;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--page)}
main,header,nav{max-width:60rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:1.5rem}
h1{font-size:1.7rem;margin:0}
h2{margin:2.5rem 0 .5rem;text-transform:capitalize}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,pre:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.5rem}
nav ul{columns:20rem;padding-left:1.1rem}
article{border:1px solid var(--line);border-radius:.5rem;margin:1rem 0;padding:1rem}
article h3{margin:0;font-size:1.05rem}
code,pre{font:.875rem/1.5 ui-monospace,monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:.375rem;padding:.75rem;
overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{text-align:left;padding:.3rem .6rem;vertical-align:top;border-bottom:1px solid var(--line);
overflow-wrap:anywhere}
.dim{color:var(--dim)}
.verb{font-weight:700}
"""
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; "
    f"style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}


def page(document: dict[str, Any]) -> str:
    """The whole page for an OpenAPI document."""
    info = document["info"]
    title = escape(info["title"])
    operations = list(_operations(document))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} API</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f'<body><a class="skip" href="#operations">Skip to the operations</a><header><h1>{title} API</h1>'
        f'<p class="dim">Version {escape(info["version"])}. <a href="/openapi.json">OpenAPI document</a></p>'
        f"<p>{escape(info.get('description', ''))}</p></header>"
        f'<nav aria-label="Operations"><ul>{"".join(_entry(*o) for o in operations)}</ul></nav>'
        f'<main id="operations">{"".join(_tags(document, operations))}{_schemas(document)}</main>'
        "</body></html>"
    )


Operation = tuple[str, str, dict[str, Any]]


def _operations(document: dict[str, Any]) -> Iterable[Operation]:
    for path, methods in document.get("paths", {}).items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _entry(method: str, path: str, operation: dict[str, Any]) -> str:
    link = f"<code>{method} {escape(path)}</code>"
    return f'<li><a href="#{operation["operationId"]}">{link}</a></li>'


def _tags(document: dict[str, Any], operations: list[Operation]) -> Iterable[str]:
    for tag in dict.fromkeys(operation["tags"][0] for _, _, operation in operations):
        yield f"<h2>{escape(tag)}</h2>"
        yield from (_article(document, *o) for o in operations if o[2]["tags"][0] == tag)


def _article(document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    notes = "".join(
        f"<p>{_prose(text)}</p>" for text in operation.get("description", "").split("\n\n") if text
    )
    return (
        f'<article id="{operation["operationId"]}"><h3>{escape(operation["summary"])}</h3>'
        f'<p><span class="verb">{method}</span> <code>{escape(path)}</code></p>{notes}'
        f"{_parameters(operation['parameters'])}{_body(operation)}{_answers(operation['responses'])}"
        '<p>Example</p><pre tabindex="0" aria-label="curl example">'
        f"{escape(_curl(document, method, path, operation))}</pre></article>"
    )


def _parameters(parameters: list[dict[str, Any]]) -> str:
    rows = [
        (p["name"], p["in"], _type(p.get("schema", {})), "required" if p.get("required") else "",
         p.get("description", ""))
        for p in parameters
    ]  # fmt: skip
    return _table(("Parameter", "In", "Type", "", "Meaning"), rows)


def _body(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    rows = [(media, _type(form["schema"])) for media, form in content.items()]
    return _table(("Body", "Schema"), rows)


def _answers(responses: dict[str, Any]) -> str:
    rows = []
    for status, answer in sorted(responses.items()):
        forms = [_type(form["schema"]) for form in answer.get("content", {}).values()]
        rows.append((status, answer["description"], " ".join(forms)))
    return f"<details><summary>Answers</summary>{_table(('Status', 'Meaning', 'Schema'), rows)}</details>"


def _schemas(document: dict[str, Any]) -> str:
    shown = ["<h2>Schemas</h2>"]
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        needed = schema.get("required", ())
        fields = schema.get("properties", {}).items()
        rows = [(f, _type(s), "required" if f in needed else "", s.get("description", "")) for f, s in fields]
        shown.append(f'<article id="schema-{escape(name)}"><h3>{escape(name)}</h3>')
        shown.append(_table(("Field", "Type", "", "Meaning"), rows) + "</article>")
    return "".join(shown)


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(text: str) -> str:
    if text.startswith("#/"):
        name = escape(text.rsplit("/", 1)[1])
        return f'<a href="#schema-{name}">{name}</a>'
    return _prose(text)


def _prose(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = schema.get("type", "object")
    words = " or ".join(kind) if isinstance(kind, list) else str(kind)
    if "items" in schema:
        return f"{words} of {_type(schema['items']).rsplit('/', 1)[-1]}"
    return f"{words} ({schema['format']})" if "format" in schema else words


def _curl(document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    lines = [f'curl -X {method} "$RAPPORT{path}"', '  -H "Authorization: Bearer $KEY"']
    lines += [
        f"  -H '{p['name']}: \"7\"'" for p in operation["parameters"] if p["in"] == "header" and p["required"]
    ]
    content = operation.get("requestBody", {}).get("content", {})
    for media, form in list(content.items())[:1]:
        lines += [
            f"  -H 'Content-Type: {media}'",
            f"  -d '{json.dumps(_sample(document, form['schema'], 0))}'",
        ]
    return " \\\n".join(lines)


def _sample(document: dict[str, Any], schema: dict[str, Any], depth: int) -> Any:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if "enum" in schema or "example" in schema:
        return schema.get("example", schema.get("enum", [None])[0])
    if kind == "object" and depth < 4:
        needed = schema.get("required") or list(schema.get("properties", {}))
        return {name: _sample(document, schema["properties"][name], depth + 1) for name in needed}
    if kind == "array":
        return [_sample(document, schema["items"], depth + 1)] if depth < 4 else []
    return {"integer": 1, "number": 1.5, "boolean": True, "object": {}}.get(kind, _text(schema))


def _text(schema: dict[str, Any]) -> str:
    samples = {"date-time": "2026-01-31T12:00:00Z", "date": "2026-01-31", "email": "ada@example.org"}
    return samples.get(schema.get("format", ""), "text")
