"""Messages of the rooms below the window: a template with values, translated and filled in at the very end.

Those rooms know no Qt and write English. The window translates the template of a message
(:func:`studio.ui.translated.translated`), the command line and log files fill in the English one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Annotated, Any, TypeAlias

from pydantic import PlainSerializer, PlainValidator

_PLACEHOLDER = re.compile(r"\{(?P<name>[A-Za-z_]\w*)(?::(?P<format>,?(?:\.\d)?[dfg%]?))?\}")


@dataclass(frozen=True, init=False)
class Message:
    """One sentence for the artist: ``Message("“{name}” is {size:.1f} GB large.", name=path.name, size=3.2)``.

    Attributes
    ----------
    template : English, with a placeholder for each value. A placeholder may format its number as ``str.format`` does
        ("{size:.1f}", "{count:,}"). Without values braces stand for themselves.
    values : what the placeholders stand for: numbers, texts, or messages, which are translated too.
    one : the template when the value ``n`` is 1; empty where the number makes no difference. See :meth:`counted`.
    """

    template: str
    values: Mapping[str, Value]
    one: str

    def __init__(self, template: str, /, **values: object) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", {name: _kept(value) for name, value in values.items()})
        object.__setattr__(self, "one", "")

    @classmethod
    def counted(cls, one: str, many: str, /, *, n: int, **values: object) -> Message:
        """A message with the number ``n`` in it, in the singular or the plural of its language.

        Parameters
        ----------
        one, many : the English templates for 1 and for every other number; ``many`` is the one that is translated.
        """
        message = cls(many, n=n, **values)
        object.__setattr__(message, "one", one)
        return message

    @classmethod
    def of(cls, text: Message | str) -> Message:
        """``text`` itself, or a message without values that says it."""
        return text if isinstance(text, Message) else cls(text)

    @classmethod
    def joined(cls, messages: Iterable[Message]) -> Message:
        """The sentences of ``messages`` one after the other; empty ones are left out."""
        said = [message for message in messages if message]
        if len(said) == 1:
            return said[0]
        return cls(
            " ".join(f"{{part{number}}}" for number in range(len(said))),
            **{f"part{number}": message for number, message in enumerate(said)},
        )

    def filled(self, template: str, say: Callable[[Message], str] = str) -> str:
        """``template``, a translation of this message's own, with the values in it.

        A placeholder without a value stays as it is, and a value that its format does not suit is put in plainly: a
        message never fails.

        Parameters
        ----------
        say : gives the text of a message among the values.
        """
        if not self.values:
            return template

        def value(found: re.Match[str]) -> str:
            given = self.values.get(found["name"])
            if given is None:
                return found[0]
            if isinstance(given, Message):
                return say(given)
            try:
                return format(given, found["format"] or "")
            except ValueError:
                return str(given)

        return _PLACEHOLDER.sub(value, template)

    def __str__(self) -> str:
        """The message in English."""
        return self.filled(self.one if self.one and self.values["n"] == 1 else self.template)

    def __bool__(self) -> bool:
        """Return whether it says anything."""
        return bool(self.template)

    def __contains__(self, text: str) -> bool:
        """Return whether ``text`` is a part of the message in English."""
        return text in str(self)

    def __hash__(self) -> int:
        return hash((self.template, *self.values))

    def to_data(self) -> dict[str, Any]:
        """The message as JSON has it."""
        values = {key: value.to_data() if isinstance(value, Message) else value for key, value in self.values.items()}
        data: dict[str, Any] = {"template": self.template, "values": values}
        return data | {"one": self.one} if self.one else data

    @classmethod
    def from_data(cls, data: object) -> Message:
        """The message that :meth:`to_data` wrote, or a plain text that an earlier version wrote in its place.

        Anything else is a message that says nothing: a damaged log must not keep a run from being read.
        """
        if isinstance(data, Message):
            return data
        if isinstance(data, str):
            return cls(data)
        if not isinstance(data, dict) or not isinstance(data.get("template"), str):
            return NOTHING
        values = data.get("values")
        message = cls(
            data["template"],
            **{
                str(key): cls.from_data(value) if isinstance(value, dict) else value
                for key, value in (values if isinstance(values, dict) else {}).items()
            },
        )
        if isinstance(data.get("one"), str) and "n" in message.values:
            object.__setattr__(message, "one", data["one"])
        return message


Value: TypeAlias = str | int | float | Message
"""What a placeholder can stand for."""


NOTHING = Message("")
"""The message that says nothing."""

StoredMessage: TypeAlias = Annotated[Message, PlainValidator(Message.from_data), PlainSerializer(Message.to_data)]
"""A message as a field of a document: written as :meth:`Message.to_data`, read as :meth:`Message.from_data`."""


def _kept(value: object) -> Value:
    """``value`` as JSON and other processes can have it: paths, errors and the like become their text."""
    if isinstance(value, Message):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    return str(value)
