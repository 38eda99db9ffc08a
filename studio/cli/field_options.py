"""Options of commands made from the fields of a value: name, range, default and help stand on the field, once."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, get_type_hints

import typer
from pydantic import BaseModel

from studio.base.fields import FieldDescription, describe_field, describe_fields

Command = Callable[..., None]
NOTHING_GIVEN: Mapping[str, Any] = MappingProxyType({})
"""The default of a parameter that :func:`with_given_options` puts options in place of."""


def with_field_options(
    into: str, *, without: Collection[str] = (), tips: Mapping[str, str] | None = None
) -> Callable[[Command], Command]:
    """Decorator of a command: options in place of one parameter, for the fields of the value that is its default.

    The command gets such a value with what the options say.

    Parameters
    ----------
    into : the parameter. Its default says what the options begin with.
    without : fields that have no option here, and stay as they are in the default.
    tips : the help of options that a form's tip does not fit, by field.
    """

    def decorate(command: Command) -> Command:
        default = inspect.signature(command).parameters[into].default
        assert isinstance(default, BaseModel)
        described = {name: field for name, field in describe_fields(type(default)).items() if name not in without}
        options = [
            _option(field, getattr(default, field.name), _help_text(field, described, tips or {}))
            for field in described.values()
        ]

        def value(said: dict[str, Any]) -> BaseModel:
            return type(default).model_validate(dict(default) | _chosen(described, said))

        return _decorated(command, into, options, value)

    return decorate


def with_given_options(
    into: str,
    of: type[BaseModel],
    only: Sequence[str],
    *,
    tips: Mapping[str, str] | None = None,
    flags: Mapping[str, Sequence[str]] | None = None,
    otherwise: Mapping[str, str] | None = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
    show_defaults: bool = True,
) -> Callable[[Command], Command]:
    """Decorator of a command: options in place of one parameter, for some fields of a value.

    The command gets a dictionary of those that were given, by field.

    Parameters
    ----------
    into : the parameter.
    of, only : the class of the value, and its fields that have options, in this order.
    tips : the help of options that a form's tip does not fit, by field.
    flags : names of options that are not called like their fields, such as ``("--from",)``.
    otherwise : a name among the values of a field for leaving it open, which is the option's default.
    limits : the least and greatest number of options that take less than their fields.
    show_defaults : whether the help tells what the fields are when they are not given.
    """

    def decorate(command: Command) -> Command:
        described = {name: describe_field(of, name) for name in only}
        for name, (least, most) in (limits or {}).items():
            described[name] = dataclasses.replace(described[name], minimum=least, maximum=most)
        options = []
        for name, field in described.items():
            help_text = _help_text(field, described, tips or {})
            known = field.default is not None and not field.required and show_defaults
            options.append(
                _option(
                    field,
                    None,
                    help_text,
                    flags=(flags or {}).get(name, ()),
                    otherwise=(otherwise or {}).get(name, ""),
                    shown=_default_name(field) if known else "",
                )
            )

        def given(said: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in _chosen(described, said).items() if value is not None}

        return _decorated(command, into, options, given)

    return decorate


def with_shared_options(into: str) -> Callable[[Command], Command]:
    """Decorator of a command: options in place of one parameter, whose type is a dataclass with an option a field.

    The command gets such a value with what the options say. They begin with what its default says, if it has one.
    """

    def decorate(command: Command) -> Command:
        group, given = get_type_hints(command)[into], inspect.signature(command).parameters[into].default
        hints = get_type_hints(group, include_extras=True)

        def default(field: dataclasses.Field[Any]) -> Any:
            if given is not inspect.Parameter.empty:
                return getattr(given, field.name)
            return inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default

        options = [
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=default(field),
                annotation=hints[field.name],
            )
            for field in dataclasses.fields(group)
        ]
        return _decorated(command, into, options, lambda said: group(**said))

    return decorate


def field_annotation(of: type[BaseModel], name: str, *, tip: str = "", flag: str = "") -> Any:
    """The type of a parameter whose option is that of a field of ``of``: one that several commands have.

    Parameters
    ----------
    tip : the help, where a form's tip does not fit.
    flag : the option's name, if it is not called like the field.
    """
    field = describe_field(of, name)
    return _option(field, field.default, _sentence(tip or field.about.tip), flags=(flag,) if flag else ()).annotation


def option_flag(name: str, flags: Mapping[str, Sequence[str]]) -> str:
    """The name of a field's option: that in ``flags``, else the field's own with hyphens."""
    return flags[name][0] if name in flags else f"--{name.replace('_', '-')}"


def _decorated(
    command: Command,
    into: str,
    options: Sequence[inspect.Parameter],
    value: Callable[[dict[str, Any]], Any],
) -> Command:
    """The command with ``options`` in place of ``into``, which gets the ``value`` of what they say."""
    hints = get_type_hints(command, include_extras=True)
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name == into:
            parameters += options
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[name]))

    def run(**given: Any) -> None:
        said = {option.name: given.pop(option.name) for option in options}
        command(**given, **{into: value(said)})

    run.__name__, run.__doc__, run.__module__ = command.__name__, command.__doc__, command.__module__
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def _chosen(described: Mapping[str, FieldDescription], said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields' values for what their options say; None for the name of leaving one open."""
    return {
        name: next((choice for choice in described[name].values if str(choice) == value.value), None)
        if isinstance(value, StrEnum)
        else value
        for name, value in said.items()
    }


def _option(
    field: FieldDescription,
    default: object,
    help_text: str,
    *,
    flags: Sequence[str] = (),
    otherwise: str = "",
    shown: str = "",
) -> inspect.Parameter:
    """The option of a field, as the parameter that typer makes one of; ``help_text`` is its help.

    ``shown`` is the default in the help where the option itself has none.
    """
    kind: Any = field.kind
    names = flags or (option_flag(field.name, {}),)
    limits: dict[str, Any] = {}
    if field.values:
        members = {name: name for name in (*([otherwise] if otherwise else []), *map(str, field.values))}
        made: Callable[..., Any] = StrEnum  # called by that name, it would be a class that mypy must know
        kind = made(field.name, members)
        default = kind(otherwise or str(default)) if default is not None or otherwise else None
    elif kind is bool:
        if default is None:
            names = (f"{names[0]}/--no-{names[0].removeprefix('--')}",)
    elif kind in (int, float):
        limits = {"min": _bound(field, field.minimum), "max": _bound(field, field.maximum)}
    if default is None:
        kind = kind | None
        limits["show_default"] = shown or False
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, typer.Option(*names, help=help_text, **limits)],
    )


def _default_name(field: FieldDescription) -> str:
    if field.kind is bool:
        return f"{'' if field.default else 'no-'}{field.name.replace('_', '-')}"
    return str(field.default)


def _help_text(field: FieldDescription, offered: Collection[str], tips: Mapping[str, str]) -> str:
    """The help of an option: its tip, what its values are called, and when it matters."""
    about = field.about
    labels = "; ".join(f"{choice}: {label}" for choice, label in about.value_labels.items())
    said = (tips[field.name],) if field.name in tips else (about.tip or about.label, labels)
    return " ".join(_sentence(text) for text in (*said, _condition(field, offered)) if text)


def _condition(field: FieldDescription, offered: Collection[str]) -> str:
    """Condition under which the option matters, if one other option decides on that."""
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
