"""What bundles are made of: icons, menu entry, what stays out, and the stand-ins for a card's libraries."""

from __future__ import annotations

import configparser
import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.paths import ROOT

sys.path.append(str(ROOT / "packaging"))
from bundle import build, contents, icons, linux_files, smoke, without_card

DATA = (".bin", ".csv", ".json", ".npy", ".npz", ".onnx", ".pb", ".pt", ".pth", ".safetensors", ".svg", ".ttf", ".yaml")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="about Linux")


def test_icons_hold_every_size_drawn_by_itself(tmp_path: Path) -> None:
    files = icons.write_icons(tmp_path)
    with Image.open(files["ico"]) as ico:
        assert {size for size, _ in ico.info["sizes"]} == set(icons.ICO_SIZES)
        ico.size = (16, 16)
        small = np.asarray(ico.convert("RGBA"))
    assert np.array_equal(small, np.asarray(icons.drawn(16)))
    with Image.open(files["icns"]) as icns:
        assert (512, 512, 2) in icns.info["sizes"] and icns.size == (1024, 1024)
    with Image.open(files["png"]) as png:
        assert png.size == (512, 512) and png.convert("RGBA").getpixel((0, 0))[3] == 0  # round corners
        assert np.asarray(png.convert("RGB")).std() > 20


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("torch/lib/libtorch_cpu.so", True),
        ("torch/include/ATen/ATen.h", False),
        ("nvidia/cublas/lib/libcublas.so.12", False),
        ("PySide6\\Qt\\translations\\qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", False),
        ("qtawesome/fonts/phosphor-2.1.0.ttf", True),
        ("qtawesome/fonts/fontawesome6-solid.ttf", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("resources/models/Abstract Paint.safetensors", True),
    ],
)
def test_what_goes_into_a_bundle(name: str, stays: bool) -> None:
    assert contents.wanted(name) is stays


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "studio").rglob("*.py")}


def test_all_of_the_program_is_found_by_name_and_nothing_that_it_imports_stays_out(sources: dict[str, str]) -> None:
    """PyInstaller collects what lies in packages, follows imports, and leaves files that are no code."""
    lost = [name for name in sources if not (ROOT / name).with_name("__init__.py").exists()]
    files = [path for path in (ROOT / "studio").rglob("*.*") if path.is_file() and "__pycache__" not in path.parts]
    other = {path.name for path in files if path.suffix != ".py"}
    assert "studio" in contents.LOADED_BY_NAME and lost == [] and other == {"README.md"}
    imported = {name for text in sources.values() for name in re.findall(r"^\s*(?:from|import) ([\w.]+)", text, re.M)}
    imported |= {f"PySide6.{name}" for text in sources.values() for name in re.findall(r"\b(Qt[A-Z]\w+)\b", text)}
    assert {"torch", "PySide6.QtSvg"} <= imported
    out = tuple(f"{name}." for name in contents.EXCLUDED_MODULES)
    assert [name for name in imported if f"{name}.".startswith(out)] == []
    started = {name for text in sources.values() for name in re.findall(r'"-m", "([\w.]+)"', text)}
    assert started - {"pip"} <= set(contents.STARTED_BY_NAME)  # pip is asked only where there is one
    for name in contents.WITH_SOURCE:
        assert importlib.util.find_spec(name) is not None


def test_files_of_the_resources_and_of_what_we_depend_on_go_along() -> None:
    left_out = [
        path for path in (ROOT / "resources").rglob("*") if not contents.wanted(path.relative_to(ROOT).as_posix())
    ]
    assert left_out == [] and "resources" in contents.TREE
    known = {*contents.DATA_PACKAGES, *contents.DATA_BY_HOOKS}
    unknown = {}
    for wanted in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]:
        package = re.split(r"[^\w.-]", wanted, maxsplit=1)[0]
        if package in ("torch", "PySide6-Essentials"):  # as large as all others, with hooks of their own
            continue
        for file in importlib.metadata.files(package) or ():
            module, tests = file.parts[0], {"test", "tests"}.intersection(file.parts)
            if module not in known and "." not in module and file.suffix in DATA and not tests:
                unknown[package] = str(file)
    assert unknown == {}, "say in contents.py whether this is read while the program runs"


def test_a_tree_that_changes_while_it_is_copied_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = tmp_path / "tree"
    for part in contents.TREE:
        (tree / part).mkdir(parents=True)
        (tree / part / "file.py").write_text("1")
    out = build.snapshot(tree, tmp_path / "out")
    assert sorted(build.state(out)) == sorted(f"{part}/file.py" for part in contents.TREE)
    states = [build.state(tree), {"studio/file.py": (2, 0)}]
    monkeypatch.setattr(build, "state", lambda tree: states.pop(0))
    with pytest.raises(SystemExit, match="a clone that nobody works in"):
        build.snapshot(tree, tmp_path / "out")


def test_copies_of_pytorchs_libraries_are_found() -> None:
    assert contents.copies(["libc10.so", "torch/lib/libc10.so", "libssl.so"]) == {"libc10.so"}


@on_linux
def test_the_menu_entry_starts_a_program_in_any_folder(tmp_path: Path) -> None:
    folder = tmp_path / 'my "studio" $x – 工作室 100%'
    folder.mkdir()
    icons.drawn(64).save(tmp_path / "icon.png")
    linux_files.write_linux_files(folder, tmp_path / "icon.png", "1.0")
    assert f"glibc {platform.libc_ver()[1]} or newer" in (folder / "README.txt").read_text()
    program = folder / "latent-studio"
    program.write_text("#!/bin/sh\n")
    home = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    command = ["/bin/sh", str(folder / "add-to-menu.sh")]
    subprocess.run(command, env=home, check=True, capture_output=True)
    entry = tmp_path / "data/applications/latent-studio.desktop"
    parser = configparser.RawConfigParser()
    parser.read(entry, encoding="utf-8")
    quoted = parser["Desktop Entry"]["Exec"].removesuffix(" %F")
    # As the specification has it: first the string's own backslashes, then those inside of the quotes.
    plain = quoted.replace("\\\\", "\\")[1:-1]
    for letter in '"`$\\':
        plain = plain.replace(f"\\{letter}", letter)
    assert plain.replace("%%", "%") == str(program)
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", str(entry)], check=True)
    subprocess.run([*command, "--remove"], env=home, check=True, capture_output=True)
    assert not entry.exists()


@on_linux
@pytest.mark.skipif(not (shutil.which("gcc") and shutil.which("readelf")), reason="needs a compiler and binutils")
def test_a_stand_in_lets_a_library_load_and_says_what_is_not_there(tmp_path: Path) -> None:
    def compiled(name: str, code: str, *others: str) -> Path:
        out = tmp_path / name
        command = ["gcc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(out), f"-Wl,-soname,{name}", *others]
        subprocess.run(command, input=code, text=True, check=True, cwd=tmp_path)
        return out

    real = compiled(
        "libcard.so",
        "int compute(void) { return 1; } int unused(void) { return 2; } int table[4] = {7};"
        'int std(void) __asm__("_ZSt9terminatev"); int std(void) { return 3; }',
    )
    user = compiled(
        "libuser.so",
        "int compute(void); extern int table[4];"
        "int std(void) __asm__(\"_ZSt9terminatev\"); int end(void) { return std(); }"
        "int first(void) { return table[0]; } int call(void) { return compute(); }",
        "-L.", "-lcard", "-Wl,--no-as-needed", "-l:libstdc++.so.6", "-Wl,-rpath,$ORIGIN",
    )  # fmt: skip
    assert without_card.needed(user)[0] == "libcard.so"
    (tmp_path / "kept").mkdir()
    kept = real.rename(tmp_path / "kept" / real.name)
    assert without_card.write_stand_in([kept], [user], real) == 2
    assert set(without_card.symbols(real, defined=True)) >= {"compute", "table"}
    assert not {"unused", "_ZSt9terminatev"} & without_card.symbols(real, defined=True).keys()
    code = f"import ctypes; library = ctypes.CDLL({str(user)!r}); print(library.first(), flush=True); library.call()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "0" and "compute is not in it" in done.stderr and done.returncode != 0


def test_a_picture_of_one_colour_does_not_pass_for_a_picture(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "flat.png")
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (8, 8, 3), np.uint8)).save(tmp_path / "noise.png")
    assert not smoke.is_whole(tmp_path / "flat.png")
    assert not smoke.is_whole(tmp_path / "none.png")
    assert smoke.is_whole(tmp_path / "noise.png")
    (tmp_path / "empty.mp4").touch()
    assert not smoke.is_whole(tmp_path / "empty.mp4") and not smoke.is_whole(tmp_path)


def test_what_a_bundle_is_tried_with_is_known_to_the_command_line(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from studio.cli import app

    for name, (arguments, _) in smoke.steps(tmp_path).items():
        # Options are told apart before the help is printed.
        done = CliRunner().invoke(app, [*arguments, "--help"])
        assert done.exit_code == 0, (name, done.output)
    assert CliRunner().invoke(app, ["sample", "--no-such-option", "--help"]).exit_code == 2
