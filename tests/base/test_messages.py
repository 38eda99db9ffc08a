"""Messages: filled in English, translated by their templates, kept in files."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from studio.base import Message, StudioError
from studio.base.messages import NOTHING, StoredMessage


def test_values_are_filled_in_as_their_placeholders_say() -> None:
    message = Message("“{name}” has {count:,} pictures of {size:.1f} MB.", name=Path("cat.jpg"), count=1234, size=2.25)
    assert str(message) == "“cat.jpg” has 1,234 pictures of 2.2 MB."
    assert str(Message("{rate:.0%} of {n:d}", rate=np.float32(0.5), n=np.int64(3))) == "50% of 3"


def test_braces_without_values_stand_for_themselves() -> None:
    assert str(Message("{odd} {} {0}.png")) == "{odd} {} {0}.png"
    assert str(Message("{name} {other}", name="{other}")) == "{other} {other}"


def test_messages_in_messages_are_said_in_the_same_language() -> None:
    inner = Message("the mask {name}", name="a.png")
    outer = Message("Cannot use {what}.", what=inner)
    assert str(outer) == "Cannot use the mask a.png."
    assert outer.filled("{what}不能用。", lambda message: message.filled("蒙版 {name}")) == "蒙版 a.png不能用。"


def test_one_and_many() -> None:
    said = [str(Message.counted("{n} picture", "{n:,} pictures", n=n)) for n in (0, 1, 2, 1000)]
    assert said == ["0 pictures", "1 picture", "2 pictures", "1,000 pictures"]


def test_joined_sentences() -> None:
    a, b = Message("A {x}.", x=1), Message("B.")
    assert str(Message.joined([a, NOTHING, b])) == "A 1. B." and Message.joined([a, NOTHING]) is a
    assert not Message.joined([])


def test_an_error_carries_its_messages_to_other_processes() -> None:
    error = StudioError(Message("“{name}” is damaged.", name="cat.jpg"), "Get it again.")
    again = pickle.loads(pickle.dumps(error))
    assert again.message == error.message and again.action == Message("Get it again.")
    assert str(again) == "“cat.jpg” is damaged. Get it again." and "cat.jpg" in again.message


@given(
    st.recursive(
        st.text() | st.integers() | st.floats(allow_nan=False),
        lambda inner: st.builds(lambda text, value: Message(text + "{value}", value=value), st.text(), inner),
    ),
    st.booleans(),
)
def test_what_is_written_is_read(value: object, counted: bool) -> None:
    plain = Message("{value}", value=value)
    message = Message.counted("{n} {value}", "{n}s {value}", n=1, value=value) if counted else plain
    again = Message.from_data(json.loads(json.dumps(message.to_data())))
    assert again == message and hash(again) == hash(message) and str(again) == str(message)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("An old log has plain {text}.", "An old log has plain {text}."),
        (None, ""),
        ([1], ""),
        ({"template": 3}, ""),
        ({"template": "{a}", "values": None}, "{a}"),
        ({"template": "{a.b} {a!r} {a:>99999} {a:d}", "values": {"a": "x"}}, "{a.b} {a!r} {a:>99999} x"),
        ({"template": "{n}", "one": "{n} one", "values": {}}, "{n}"),
    ],
)  # fmt: skip
def test_damaged_and_old_logs_are_read(data: object, text: str) -> None:
    assert str(Message.from_data(data)) == text


def test_messages_as_fields_of_documents() -> None:
    class Document(BaseModel):
        said: StoredMessage = NOTHING

    document = Document(said=Message("“{name}” is damaged.", name="a.jpg"))
    assert Document.model_validate_json(document.model_dump_json()) == document
    assert str(Document.model_validate({"said": "As of old."}).said) == "As of old."
