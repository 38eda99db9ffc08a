"""Bring the translations up to date: collect the texts, merge them into the .ts file, compile the .qm file.

    python packaging/translations.py          (in the environment that has PySide6)
    python packaging/translations.py --check  (exit code 1 when something is missing or unfinished)

The window's own texts go through Qt's ``tr``. The rooms below the window know no Qt: their messages (``StudioError``,
``Progress``) are English texts with values filled in. Those are collected here as patterns into
``studio/ui/message_texts.py``, and ``studio.ui.translated`` recognises and translates them on their way to the screen.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "base",
    "recipes",
    "checkpoints",
    "networks",
    "synthesis",
    "stylization",
    "training",
    "gallery",
    "engine",
    "worker",
)
TEXTS = ROOT / "studio" / "ui" / "engine_texts.py"
FIELDS = ROOT / "studio" / "ui" / "field_texts.py"
TS = ROOT / "resources" / "i18n" / "latent_studio_zh_CN.ts"
# English needs a file for its plurals only ("1 picture", "2 pictures").
TS_ENGLISH = TS.with_name("latent_studio_en.ts")
CHINESE = ("-target-language", "zh_CN")
ENGLISH = ("-target-language", "en")
CALLS = {"StudioError": (0, 1), "OutOfMemory": (0, 1), "UnexpectedError": (0, 1), "Progress": (2,)}
NAMES = {"message", "action", "again", "wrong", "damaged", "other"}


def pattern(node: ast.expr) -> Iterator[str]:
    """The texts an expression can give, each value in them as {0}, {1} ..."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value.strip():
            yield node.value.replace("{", "{{").replace("}", "}}") if "{" in node.value else node.value
    elif isinstance(node, ast.JoinedStr):
        text, count = "", 0
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += str(part.value)
            else:
                text += f"{{{count}}}"
                count += 1
        yield text
    elif isinstance(node, ast.IfExp):
        yield from pattern(node.body)
        yield from pattern(node.orelse)


def _kind(name: str) -> str:
    """``OFFLINE_ACTION`` is an action."""
    return name.lower().rsplit("_", 1)[-1]


def texts_of(path: Path) -> Iterator[str]:
    """All messages in one source file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            for index in CALLS.get(name, ()):
                if index < len(node.args):
                    yield from pattern(node.args[index])
            for keyword in node.keywords:
                if keyword.arg in NAMES:
                    yield from pattern(keyword.value)
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and _kind(node.targets[0].id) in NAMES
        ):
            yield from pattern(node.value)


def collect() -> str:
    """The source text of ``engine_texts.py``."""
    found: set[str] = set()
    for room in ROOMS:
        for path in sorted((ROOT / "studio" / room).rglob("*.py")):
            # A text of values alone says nothing to translate.
            found.update(text for text in texts_of(path) if any(letter.isalpha() for letter in text.replace("{", "")))
    lines = "\n".join(f'        QT_TRANSLATE_NOOP("Engine", {text!r}),' for text in sorted(found))
    return (
        '"""Messages of the rooms below the window, for translation. Made by ``packaging/translations.py``."""\n\n'
        "# ruff: noqa: E501\n# fmt: off\n"
        "from PySide6.QtCore import QT_TRANSLATE_NOOP\n\n"
        f"TEXTS: tuple[str, ...] = tuple(\n    str(text)\n    for text in (\n{lines}\n    )\n)\n"
    )


FIELD_WORDS = ("label", "tip", "unit", "group", "lowest")
"""The arguments of ``About`` that are shown; the values of its ``choices`` are too."""


def field_texts_of(path: Path) -> Iterator[str]:
    """What the fields in one source file say of themselves."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }

    def text(node: ast.expr) -> Iterator[str]:
        if isinstance(node, ast.Name):
            node = constants.get(node.id, node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
            yield node.value

    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "About":
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            named |= dict(zip(FIELD_WORDS, node.args, strict=False))
            for name in FIELD_WORDS:
                if name in named:
                    yield from text(named[name])
            choices = named.get("choices")
            for value in choices.values if isinstance(choices, ast.Dict) else ():
                yield from text(value)


def collect_fields() -> str:
    """The source text of ``field_texts.py``."""
    found = {text for path in sorted((ROOT / "studio").rglob("*.py")) for text in field_texts_of(path)}
    lines = "\n".join(f'    QT_TRANSLATE_NOOP("Fields", {text!r}),' for text in sorted(found))
    return (
        '"""What fields say of themselves, for translation. Made by ``packaging/translations.py``."""\n\n'
        "# ruff: noqa: E501\n# fmt: off\n"
        "from PySide6.QtCore import QT_TRANSLATE_NOOP\n\n"
        f"TEXTS = (\n{lines}\n)\n"
    )


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
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "studio").rglob("*.py") if "ui" in path.parts)
    worker = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "studio" / "worker").glob("*.py"))
    tool("lupdate", *sources, *worker, "-locations", "none", "-no-obsolete", *options, "-ts", str(ts))


def keep_plurals(ts: Path) -> None:
    """Drop everything but plurals (lupdate's own -pluralonly has no effect on Python sources)."""
    tree = ET.parse(ts)
    for context in tree.getroot().findall("context"):
        for message in context.findall("message"):
            if message.get("numerus") != "yes":
                context.remove(message)
        if context.find("message") is None:
            tree.getroot().remove(context)
    tree.write(ts, encoding="utf-8", xml_declaration=True)


def main() -> int:
    """Update, or check; returns the exit code."""
    if "--check" in sys.argv:
        stale = False
        for path, text in ((TEXTS, collect()), (FIELDS, collect_fields())):
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale = True
                print(f"{path.relative_to(ROOT)} is out of date: run python packaging/translations.py")
        missing = unfinished()
        for text in missing:
            print(f"not translated: {text}")
        return int(stale or bool(missing))
    TEXTS.write_text(collect(), encoding="utf-8")
    FIELDS.write_text(collect_fields(), encoding="utf-8")
    TS.parent.mkdir(parents=True, exist_ok=True)
    update(TS, *CHINESE)
    update(TS_ENGLISH, *ENGLISH)
    keep_plurals(TS_ENGLISH)
    for ts in (TS, TS_ENGLISH):
        tool("lrelease", str(ts), "-qm", str(ts.with_suffix(".qm")))
    print(f"{len(unfinished())} texts without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
