"""The OpenAPI document as a page that a person reads.

Why our own template and neither Swagger UI nor ReDoc: both load a megabyte of scripts, from elsewhere or as a package;
this page needs none, and says nothing that the document does not.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from crawler.web.rendering import conditional, page

_PARAGRAPH = "\n\n"
_FORMATS = {"date-time": "moment", "date": "day"}
_JSON = "application/json"

Told = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One parameter, or one field of a shape.

    Attributes:
        name: of it.
        kind: what values it has.
        meaning: what it says.
        note: where a parameter stands, whether it is needed, what it is without.
    """

    name: str
    kind: Markup
    meaning: Markup
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One endpoint.

    Attributes:
        id: for links.
        method: of it.
        path: with its parameters in braces.
        title: what it does.
        text: what else is to be said.
        fields: its parameters, then the fields of its body.
        answers: status -> what it means, with the shape.
        example: a command.
    """

    id: str
    method: str
    path: str
    title: str
    text: Markup
    fields: tuple[Field, ...]
    answers: Mapping[str, Markup]
    example: str


def explain(request: Request) -> Response:
    """The page."""
    document: Told = request.app.openapi()
    base = str(request.url.replace(path=document["servers"][0]["url"], query=""))
    context = {
        "about": [prose(one) for one in document["info"]["description"].split(_PARAGRAPH)],
        "groups": [(tag, _operations(document, tag["name"], base)) for tag in document["tags"]],
        "shapes": [(name, *_meaning(one), _fields(one)) for name, one in _shapes(document).items()],
        "document": f"{document['servers'][0]['url']}/openapi.json",
    }
    return conditional(request, page(request, "api.html", context))


def prose(text: str) -> Markup:
    """A text in which backquotes mark code, as HTML."""
    parts = text.split("`")
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(one) if number % 2 else one for number, one in enumerate(parts))


# -- endpoints ---------------------------------------------------------------------------------------------------


def _operations(document: Told, tag: str, base: str) -> list[Operation]:
    return [
        _operation(document, method, path, one, base)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if tag in one["tags"]
    ]


def _operation(document: Told, method: str, path: str, one: Told, base: str) -> Operation:
    body = _body(document, one)
    return Operation(
        id=one["operationId"],
        method=method.upper(),
        path=path,
        title=one["summary"],
        text=prose("" if one["description"] == f"{one['summary']}." else one["description"]),
        fields=(*(_parameter(each) for each in one.get("parameters", ())), *_fields(body, "body")),
        answers={status: _answer(document, each) for status, each in one["responses"].items()},
        example=_example(method.upper(), base + path, one, body),
    )


def _parameter(told: Told) -> Field:
    schema = told["schema"]
    default = schema.get("default", "")
    without = "needed" if told.get("required") else (f"else {default}" if default != "" else "")
    return Field(
        name=told["name"],
        kind=_kind(schema),
        meaning=prose(told.get("description") or schema.get("description", "")),
        note=", ".join(one for one in (told["in"], without) if one),
    )


def _body(document: Told, one: Told) -> Told:
    """The schema of an operation's body; empty where it has none."""
    schema = one.get("requestBody", {}).get("content", {}).get(_JSON, {}).get("schema", {})
    named = [each["$ref"] for each in (schema, *schema.get("anyOf", ())) if "$ref" in each]
    return _shapes(document)[_name(named[0])] if named else {}


def _answer(document: Told, told: Told) -> Markup:
    if "$ref" in told:
        told = document["components"]["responses"][_name(told["$ref"])]
    schema = next(iter(told.get("content", {"": {}}).values())).get("schema", {})
    shape = _kind(schema) if "$ref" in schema else ""
    text = prose(told["description"])
    return Markup("{} {}").format(text, shape) if shape else text


def _example(method: str, address: str, one: Told, body: Told) -> str:
    said = {"path": {}, "query": {}}  # type: dict[str, dict[str, str]]
    for told in one.get("parameters", ()):
        if told["in"] == "path" or told.get("required") or (told["name"] == "q"):
            said[told["in"]][told["name"]] = _sample(told["schema"]) or _sample(told)
    for name, value in said["path"].items():
        address = address.replace(f"{{{name}}}", quote(value, safe="/"))
    query = f"?{urlencode(said['query'])}" if said["query"] else ""
    parts = ["curl", *(() if method == "GET" else ("-X", method, "-H", "Authorization: Bearer TOKEN"))]
    if body:
        sent = {name: each for name in body["properties"] if (each := _first(body["properties"][name])) is not None}
        parts += ["-H", f"Content-Type: {_JSON}", "-d", json.dumps(sent, ensure_ascii=False)]
    return shlex.join([*parts, address + query])


def _sample(told: Told) -> str:
    first = _first(told)
    return "" if first is None else str(first)


def _first(told: Told) -> Any:  # noqa: ANN401 - an example of any kind
    examples = told.get("examples") or []
    return next(iter(examples), None)


# -- shapes ------------------------------------------------------------------------------------------------------


def _shapes(document: Told) -> dict[str, Told]:
    found: dict[str, Told] = document["components"]["schemas"]
    return found


def _fields(schema: Told, note: str = "") -> tuple[Field, ...]:
    needed = schema.get("required", ())
    return tuple(
        Field(
            name=name,
            kind=_kind(one),
            meaning=prose(one.get("description", "")),
            note=f"{note}, needed" if note and name in needed else note,
        )
        for name, one in schema.get("properties", {}).items()
    )


def _meaning(schema: Told) -> tuple[list[Markup], list[str]]:
    """What a shape is, in lines, and the values of one that has nothing else."""
    text = str(schema.get("description", ""))
    values = [] if text.startswith("- ") else list(schema.get("enum", ()))
    return [prose(line.removeprefix("- ")) for line in text.splitlines()], values


def _kind(schema: Told) -> Markup:
    """What values there are, in words."""
    return Markup(" or ").join(_kinds(schema))


def _kinds(schema: Told) -> Iterator[Markup]:
    if "$ref" in schema:
        name = _name(schema["$ref"])
        yield Markup('<a href="#{}">{}</a>').format(name, name)
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _kinds(one)
    elif schema.get("type") == "array":
        yield Markup("list of {}").format(_kind(schema["items"]))
    elif isinstance(schema.get("additionalProperties"), Mapping):
        yield Markup("name → {}").format(_kind(schema["additionalProperties"]))
    elif "const" in schema:
        yield Markup("empty") if schema["const"] == "" else Markup("<code>{}</code>").format(schema["const"])
    else:
        yield Markup("{}").format(_FORMATS.get(schema.get("format", ""), schema.get("type", "anything")))


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]
