"""Nothing is written but through the gate that asks who may."""

import ast

from test_imports import modules

GATES = {
    "services/permission.py": "the gate itself",
    "services/making.py": "a book in the making, which nobody has yet",
}
ROOMS = ("services", "cli", "ui", "web")


def calls_of_writing(source: str) -> list[ast.Call]:
    return [
        found
        for found in ast.walk(ast.parse(source))
        if isinstance(found, ast.Call)
        and isinstance(found.func, ast.Attribute)
        and found.func.attr == "writing"
    ]


def test_every_service_says_what_it_does_before_it_writes() -> None:
    """``book.writing(act, …)`` asks; ``file.writing()`` does not."""
    unasked = [
        f"{name}:{call.lineno}"
        for room in ROOMS
        for name, source in modules(room)
        if name not in GATES
        for call in calls_of_writing(source)
        if not call.args
    ]
    assert unasked == []


def test_no_service_begins_a_transaction_by_itself() -> None:
    """Storage functions write; only inside the gate is there a transaction to do it in."""
    found = [
        name
        for room in ROOMS
        for name, source in modules(room)
        if '"BEGIN' in source or ".commit(" in source or "renew_hash(" in source
    ]
    assert found == ["services/people.py"]  # the same passphrase, hashed anew


def test_the_gates_are_needed() -> None:
    sources = {name: source for room in ROOMS for name, source in modules(room)}
    assert all(calls_of_writing(sources[name]) for name in GATES)
