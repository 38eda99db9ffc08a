"""Options of commands made from the fields of a value: name, range, default and help stand on the field, once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

import typer
from pydantic import BaseModel

from studio.base.fields import FieldDescription, describe_fields


def with_field_options(
    into: str, *, without: Collection[str] = (), tips: Mapping[str, str] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator of a command: options in place of one parameter, for the fields of the value that is its default.

    The command gets such a value with what the options say.

    Parameters
    ----------
    into : the parameter. Its default says what the options begin with.
    without : fields that have no option here, and stay as they are in the default.
    tips : the help of options that a form's tip does not fit, by field.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(command, include_extras=True)
        given = inspect.signature(command).parameters
        default = given[into].default
        assert isinstance(default, BaseModel)
        described = {name: field for name, field in describe_fields(type(default)).items() if name not in without}
        parameters: list[inspect.Parameter] = []
        for name, parameter in given.items():
            if name != into:
                parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[name]))
                continue
            for field in described.values():
                tip = (tips or {}).get(field.name) or field.about.tip or field.about.label
                words = " ".join(_sentence(text) for text in (tip, _condition(field, described)) if text)
                parameters.append(_option(field, getattr(default, field.name), words))

        def run(**options: Any) -> None:
            values = {name: options.pop(name) for name in described}
            plain = {name: value.value if isinstance(value, StrEnum) else value for name, value in values.items()}
            command(**options, **{into: type(default).model_validate(dict(default) | plain)})

        run.__name__, run.__doc__, run.__module__ = command.__name__, command.__doc__, command.__module__
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return run

    return decorate


def _option(field: FieldDescription, default: object, words: str) -> inspect.Parameter:
    """The option of a field, as the parameter that typer makes one of; ``words`` are its help."""
    flag = f"--{field.name.replace('_', '-')}"
    kind: Any = field.kind
    if field.choices:
        members = {str(choice): str(choice) for choice in field.choices}
        made: Callable[..., Any] = StrEnum  # called by that name, it would be a class that mypy must know
        kind = made(field.name, members)
        default = kind(default)
        option = typer.Option(flag, help=words)
    elif kind is bool:
        option = typer.Option(flag, help=words)
    else:
        option = typer.Option(flag, min=_bound(field, field.minimum), max=_bound(field, field.maximum), help=words)
    return inspect.Parameter(
        field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option]
    )


def _condition(field: FieldDescription, offered: Collection[str]) -> str:
    """When the option matters, if one other option decides on that."""
    match field.about.shown_when:
        case (str(other), (True,)) if other in offered:
            return f"With --{other.replace('_', '-')}"
        case (str(other), (str(value),)) if other in offered:
            return f"With --{other.replace('_', '-')} {value}"
    return ""


def _bound(field: FieldDescription, bound: float | None) -> float | None:
    return int(bound) if bound is not None and field.kind is int else bound


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
