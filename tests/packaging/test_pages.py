"""The pages for people who read the source: every file they name is there, and every room is on the map."""

from __future__ import annotations

import re

import pytest

from tests.support.paths import ROOT

PATH = re.compile(r"(?<![\w/~])(?:studio|tests|packaging|resources|\.ci)/[\w./-]*\w/?")
LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("page", ["studio/README.md", "CONTRIBUTING.md"])
def test_what_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = {ROOT / path for path in PATH.findall(text)} | {
        ((ROOT / page).parent / link).resolve() for link in LINK.findall(text)
    }
    assert len(named) > 5
    assert sorted(path.relative_to(ROOT).as_posix() for path in named if not path.exists()) == []


def test_the_names_in_the_map_are_in_the_source() -> None:
    """What is renamed in the source is renamed on the page: identifiers, and files named without their folder."""
    text = (ROOT / "studio" / "README.md").read_text(encoding="utf-8")
    files = list((ROOT / "studio").rglob("*.py"))
    words = set(re.findall(r"\w+", "".join(path.read_text(encoding="utf-8") for path in files)))
    named = {name for name in re.findall(r"`@?([\w./]+)(?:\([^`]*\))?`", text) if "/" not in name.rstrip("/")}
    here = [f"/{path.relative_to(ROOT).as_posix()}" for path in files]
    assert len(named) > 30
    for name in sorted(named):
        if name.endswith(".py"):
            assert any(path.endswith(f"/{name}") for path in here), name
        elif name.endswith("/"):
            assert any(f"/{name}" in path for path in here), name
        elif not name.endswith(".md"):
            assert set(name.split(".")) <= words, name


def test_every_room_is_on_the_map() -> None:
    text = (ROOT / "studio" / "README.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "studio").glob("*/__init__.py")}
    assert rooms == set(re.findall(r"^\| `studio/(\w+)/` \|", text, re.MULTILINE))


def test_the_chinese_readme_is_a_twin_of_the_english_one() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    assert "(README.zh.md)" in english and "(README.md)" in chinese
    # Headings of the same levels, the same commands, pictures and programs in the same order, tables of as many rows.
    for what in (r"^#+ ", r"^    .+$", r"^!\[.*\]\((.+)\)$", r"^\| (`latent-studio.*?) \| ", r"^(\|)"):
        assert re.findall(what, english, re.MULTILINE) == re.findall(what, chinese, re.MULTILINE), what
    for anchor in re.findall(r"\(#(.+?)\)", chinese):
        assert re.search(rf"^#+ {anchor}$", chinese, re.MULTILINE), anchor
