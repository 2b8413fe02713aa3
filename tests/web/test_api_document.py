"""The OpenAPI document, and the page that explains it."""

from itertools import pairwise

import pytest
from openapi_spec_validator import validate

from crawler.web.api.endpoints import ENDPOINTS

API = "/api/v1"


@pytest.fixture
def document(client):
    return client.get(f"{API}/openapi.json").json()


def operations(document):
    return [(path, method, one) for path, methods in document["paths"].items() for method, one in methods.items()]


def test_the_document_is_valid(document):
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_the_document_has_every_endpoint_and_no_other(document):
    assert {(path, method.upper()) for path, method, _ in operations(document)} == {
        (one.documented_path, one.method) for one in ENDPOINTS
    }


def test_everything_in_the_document_says_what_it_is(document):
    nameless = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field, one in schema.get("properties", {}).items()
        if not one.get("description")
    ]
    nameless += [name for name, one in document["components"]["schemas"].items() if not one.get("description")]
    nameless += [
        f"{path} {one['name']}"
        for path, _, operation in operations(document)
        for one in operation.get("parameters", ())
        if not one.get("description")
    ]
    assert nameless == []


def test_the_document_does_not_speak_of_our_code(client):
    text = client.get(f"{API}/openapi.json").text
    for word in ("crawler.", "storage.", "``", "HTTPValidationError", '"422"', "function-before", "Attributes:"):
        assert word not in text, word


def test_answers_have_every_field(document):
    for name, schema in document["components"]["schemas"].items():
        if name not in {"Problem", "MarkWish", "LinkDecision", "Signed"}:
            assert set(schema.get("required", ())) == set(schema.get("properties", {})), name


def test_only_writing_needs_the_token(document):
    for _path, method, operation in operations(document):
        assert ({} in operation["security"]) == (method == "get")
        assert {"token": []} in operation["security"]


def test_names_of_parameters_in_paths_are_those_of_their_operations(document):
    for path, _method, operation in operations(document):
        named = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
        assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_the_page_explains_every_endpoint_and_every_shape(client, document):
    page = client.page(f"{API}/")
    text = page.text
    for path, method, operation in operations(document):
        assert page.tree.xpath("//h3[@id=$id]", id=operation["operationId"])
        assert f"{method.upper()} {path}" in text
        assert operation["summary"] in text
        for one in operation.get("parameters", ()):
            assert one["name"] in text
    for name in document["components"]["schemas"]:
        assert page.tree.xpath("//h3[@id=$id]", id=name)
    for address in page.tree.xpath("//main//a/@href"):
        assert not address.startswith("#") or page.tree.xpath("//*[@id=$id]", id=address[1:]), address


def test_the_examples_of_the_page_work(client):
    examples = [one for one in client.page(f"{API}/").texts("//pre") if " -X " not in one]
    assert len(examples) == sum(not one.writes for one in ENDPOINTS)
    for one in examples:
        address = one.removeprefix("curl ").strip("'")
        expected = 404 if "/runs/" in address or "/orders/" in address else 200
        client.get(address, expect=expected)


def test_the_page_says_how_to_give_the_token(client):
    text = client.page(f"{API}/").text
    assert "Authorization: Bearer TOKEN" in text
    assert "DATELINE_TOKEN" in text


def test_headings_of_the_page_are_in_order(client):
    levels = [int(one.tag[1]) for one in client.page(f"{API}/").tree.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
