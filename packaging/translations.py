"""Bring the translations up to date: collect the texts, merge them into the .ts files, compile the .qm files.

    python packaging/translations.py          (in the environment that has PySide6)
    python packaging/translations.py --check  (exit code 1 when something is missing or unfinished)

The window's own texts go through Qt's ``tr``. The rooms below the window know no Qt. What they say is found by its
place in the code:

- templates of messages, in the context "Engine": the first argument of ``Message(...)``, both of
  ``Message.counted(...)`` (of which the second is translated, with its plurals), texts in ``StudioError(...)``;
- words of fields, in the context "Fields": label, tip, unit, group, labels of values, lowest value of ``About(...)``.

A name in such a place stands for the constant of the module that is called so.
"""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUDIO = ROOT / "studio"
TS = ROOT / "resources" / "i18n" / "latent_studio_zh_CN.ts"
# English needs a file for its plurals only ("1 picture", "2 pictures").
TS_ENGLISH = TS.with_name("latent_studio_en.ts")
CHINESE = ("-target-language", "zh_CN")
ENGLISH = ("-target-language", "en")
MESSAGES = ("Message", "Message.counted")
ERRORS = ("StudioError", "UnexpectedError", "OutOfMemory")
FIELD_PARAMETERS = ("label", "tip", "unit", "group")
"""The parameters of ``About`` that need no name."""
TRANSLATED_PARAMETERS = frozenset((*FIELD_PARAMETERS, "value_labels", "lowest"))

Text = tuple[str, str, bool]
"""Context, text, and whether it has plurals."""


def sources() -> list[Path]:
    """The files of the rooms that know no Qt, and those of the others that speak without it.

    Of the command line, which is English, these are the names of new files and the doctor.
    """
    below = [path for path in STUDIO.rglob("*.py") if path.relative_to(STUDIO).parts[0] not in ("ui", "cli")]
    others = ("cli/doctor.py", "cli/file_names.py", "ui/shell/app.py")
    return sorted([*below, *(STUDIO / name for name in others)])


def _called(node: ast.Call) -> str:
    """``Message`` for a call of it, ``Message.counted`` for that."""
    return ast.unparse(node.func).removeprefix("studio.base.")


def _constants(tree: ast.Module) -> dict[str, str]:
    """Texts that stand under a name of the module."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _texts(node: ast.expr, constants: Mapping[str, str]) -> Iterator[str]:
    """The texts an expression stands for."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, constants)
        yield from _texts(node.orelse, constants)
    elif isinstance(node, ast.Name) and node.id in constants:
        yield constants[node.id]
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value, constants)


@functools.cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def texts_of(path: Path) -> Iterator[Text]:
    """What one source file says."""
    tree = _parsed(path)
    constants = _constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node)
        if name == "Message.counted":
            yield from (("Engine", text, True) for text in _texts(node.args[1], constants))
        elif name == "Message" or name in ERRORS:
            for argument in node.args[: 1 if name == "Message" else 2]:
                yield from (("Engine", text, False) for text in _texts(argument, constants))
        elif name == "About":
            given = {
                **dict(zip(FIELD_PARAMETERS, node.args, strict=False)),
                **{each.arg: each.value for each in node.keywords},
            }
            for name in TRANSLATED_PARAMETERS & given.keys():
                yield from (("Fields", text, False) for text in _texts(given[name], constants))


def finished_early(path: Path) -> Iterator[int]:
    """Lines of one source file with a message that is put together before it can be translated."""
    for node in ast.walk(_parsed(path)):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node)
        if (name in ERRORS or name in MESSAGES) and any(map(_is_put_together, node.args[:2])):
            yield node.lineno


def _is_put_together(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_put_together(node.body) or _is_put_together(node.orelse)
    return isinstance(node, ast.JoinedStr | ast.BinOp)


@functools.cache
def collect() -> list[Text]:
    """All that the rooms below the window say; without texts of values alone, which have nothing to translate."""
    found = {text for path in sources() for text in texts_of(path)}
    found |= {text for path in (STUDIO / "ui").rglob("*.py") for text in texts_of(path) if text[0] == "Fields"}
    return sorted(text for text in found if any(letter.isalpha() for letter in _without_values(text[1])))


def _without_values(template: str) -> str:
    kept, depth = "", 0
    for letter in template:
        depth += (letter == "{") - (letter == "}")
        kept += letter if not depth else ""
    return kept


def unfinished() -> list[str]:
    """Texts in the .ts files without a translation."""
    missing = []
    for ts, plurals in ((TS, 1), (TS_ENGLISH, 2)):
        for message in ET.parse(ts).getroot().iter("message"):
            translation = message.find("translation")
            done = (
                translation is not None
                and translation.get("type") is None
                and "".join(translation.itertext()).strip()
                and len(translation.findall("numerusform")) == (plurals if message.get("numerus") else 0)
            )
            if not done:
                missing.append(message.findtext("source", ""))
    return missing


def tool(name: str, *arguments: str) -> None:
    """Run one of PySide6's tools out of this interpreter's environment."""
    executable = Path(sys.executable).parent / f"pyside6-{name}"
    subprocess.run([str(executable), *arguments], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def update(ts: Path, *options: str) -> None:
    """Merge the texts of the sources into ``ts``."""
    files = sorted(str(path.relative_to(ROOT)) for room in ("ui", "worker") for path in (STUDIO / room).rglob("*.py"))
    with tempfile.TemporaryDirectory() as folder:
        # Qt's tool reads calls of its own functions only.
        said = Path(folder) / "said.py"
        calls = (
            f"QCoreApplication.translate({context!r}, {text!r}{', None, n' if plural else ''})"
            for context, text, plural in collect()
        )
        said.write_text("\n".join(calls), encoding="utf-8")
        tool("lupdate", *files, str(said), "-locations", "none", "-no-obsolete", *options, "-ts", str(ts))


def keep_plurals(ts: Path) -> None:
    """Drop everything but the window's plurals: lupdate's own -pluralonly has no effect on Python sources.

    Messages from below the window bring their English plurals along.
    """
    tree = ET.parse(ts)
    for context in tree.getroot().findall("context"):
        for message in context.findall("message"):
            if message.get("numerus") != "yes" or context.findtext("name") == "Engine":
                context.remove(message)
        if context.find("message") is None:
            tree.getroot().remove(context)
    tree.write(ts, encoding="utf-8", xml_declaration=True)


def main() -> int:
    """Update, or check; returns the exit code."""
    early = [f"{path.relative_to(ROOT)}:{line}" for path in sources() for line in finished_early(path)]
    for place in early:
        print(f"{place}: a message that is put together before it can be translated: use Message(template, name=value)")
    if "--check" in sys.argv:
        said = {
            (context.findtext("name"), message.findtext("source"))
            for context in ET.parse(TS).getroot().iter("context")
            for message in context.iter("message")
        }
        missing = unfinished() + [text for context, text, _ in collect() if (context, text) not in said]
        for text in missing:
            print(f"not translated: {text}")
        return int(bool(early or missing))
    TS.parent.mkdir(parents=True, exist_ok=True)
    update(TS, *CHINESE)
    update(TS_ENGLISH, *ENGLISH)
    keep_plurals(TS_ENGLISH)
    for ts in (TS, TS_ENGLISH):
        tool("lrelease", str(ts), "-qm", str(ts.with_suffix(".qm")))
    print(f"{len(unfinished())} texts without a translation")
    return int(bool(early))


if __name__ == "__main__":
    sys.exit(main())
