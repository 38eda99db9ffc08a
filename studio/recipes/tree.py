"""The hash of a value, from what its fields say of themselves."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from studio.base.fields import describe_fields
from studio.recipes.values import Value


@cache
def _hashed_fields(kind: type[Value]) -> tuple[tuple[str, str, bool, object], ...]:
    """Name, its JSON, whether it is left out at its default, and that, of the fields of ``kind`` that count."""
    return tuple(
        (name, json.dumps(name), field.about.since > 1, field.default)
        for name, field in sorted(describe_fields(kind).items())
        if field.about.hashed
    )


def _canonical(node: object) -> str:
    """Canonical JSON of a value or of what its fields hold."""
    if isinstance(node, Value):
        shown = []
        for name, key, later, default in _hashed_fields(type(node)):
            field = getattr(node, name)
            if not (later and field == default):
                shown.append(f"{key}:{_canonical(field)}")
        return f"{{{','.join(shown)}}}"
    if isinstance(node, tuple) and node and isinstance(node[0], Value):
        return f"[{','.join(map(_canonical, node))}]"
    return json.dumps(node, separators=(",", ":"), ensure_ascii=False)


def recipe_hash(recipe: Value) -> str:
    """SHA-256 (hex) of the canonical JSON: equal for equal recipes, on every machine.

    Names of files are left out, since they change without changing the picture; and so are fields of later versions
    that are at their defaults, so that what was saved before keeps its hash, and with it its lineage.
    """
    return hashlib.sha256(_canonical(recipe).encode()).hexdigest()
