"""Stand-ins for NVIDIA's libraries, so that a bundle for the processor can be made of PyTorch's build for NVIDIA.

On Linux the package index has only that build, and where PyTorch's own index cannot be reached there is no other. Of
its 4.5 GB a processor uses a tenth; but the loader wants every library by name, and the addresses of what the Python
part of PyTorch refers to in ``libtorch_cuda.so``. A stand-in has that name and these symbols, and nothing in them:
without a card nothing asks for it, and what did would end the program with a line that says so. Releases are made of
PyTorch's build for the processor, for which nothing of this is needed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

LARGE = 8_000_000
"""Libraries of fewer bytes stay as they are: what watches the card is asked at the start whether there is one."""
CARD_ONLY = ("libtorch_cuda", "libtorch_nvshmem", "libcaffe2_nvrtc")
"""Beginnings of the names of PyTorch's own libraries for the card."""
REGISTERS = frozenset({"_ZN4c10d15get_gil_checkerEv"})
"""Functions that return the place at which the Python part of PyTorch registers itself while it is loaded."""
DEFAULTS = frozenset({"_ZN4c10d16ProcessGroupNCCL7OptionsC1Eb", "_ZN4c10d5nccl216ProcessGroupNCCL7OptionsC1Eb"})
"""Constructors of options that are made as the defaults of arguments while it is loaded, and never looked at."""
MENDED = {
    "backends/cuda/__init__.py": "\n\ndef is_built():\n    return False\n",
    "version.py": "\ncuda = None\n",
}
"""What is added to PyTorch's files so that it takes itself for the processor's build and replaces no kernels."""
TYPE_OF_CLASS = "_ZTVN10__cxxabiv117__class_type_infoE"


@dataclass(frozen=True)
class Symbol:
    """An entry of a library's dynamic table: its name without version, kind (FUNC, OBJECT, ...) and size in bytes."""

    name: str
    kind: str
    size: int


def symbols(library: Path, *, defined: bool) -> dict[str, Symbol]:
    """The symbols that ``library`` offers (``defined``), or that it wants of others, by name; by binutils' readelf."""
    command = ["readelf", "--dyn-syms", "--wide", str(library)]
    found = {}
    for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
        fields = line.split()
        if len(fields) < 8 or not fields[0].rstrip(":").isdigit() or (fields[6] != "UND") is not defined:
            continue
        name = fields[7].split("@")[0]
        found[name] = Symbol(name, fields[3], int(fields[2], 0))
    return found


def needed(library: Path) -> list[str]:
    """The names of the libraries that ``library`` wants to be loaded with it."""
    command = ["readelf", "--dynamic", "--wide", str(library)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split("[")[1].rstrip("]") for line in lines if "(NEEDED)" in line]


def standard_library() -> Path:
    """The library of C++ that the compiler links to."""
    command = ["gcc", "-print-file-name=libstdc++.so.6"]
    return Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())


def source(wanted: Iterable[Symbol]) -> str:
    """The C source of a library that offers ``wanted``."""
    lines = [
        "#include <malloc.h>",
        "#include <stdio.h>",
        "#include <stdlib.h>",
        "#include <string.h>",
        f'extern void *type_of_class[] __asm__("{TYPE_OF_CLASS}");',
        "__attribute__((noreturn)) static void stop(const char *name) {",
        '  fprintf(stderr, "This bundle computes on the processor only: %s is not in it.\\n", name);',
        "  abort();",
        "}",
        "static void nothing(void) {}",
        # A class without a type that can be told and whose methods do nothing.
        f"static void *methods[] = {{0, 0, {', '.join(['nothing'] * 14)}}};",
    ]
    for number, symbol in enumerate(sorted(wanted, key=lambda each: each.name)):
        label = f'__asm__("{symbol.name}")'
        if symbol.name in REGISTERS:
            lines += [f"static void *r{number};", f"void *f{number}(void) {label};"]
            lines.append(f"void *f{number}(void) {{ return &r{number}; }}")
        elif symbol.name in DEFAULTS:
            lines += [f"void f{number}(void **made) {label};", f"void f{number}(void **made) {{"]
            lines += ["  memset(made, 0, malloc_usable_size(made));", "  *made = methods + 2;", "}"]
        elif symbol.kind != "OBJECT":
            lines += [f"void f{number}(void) {label};", f'void f{number}(void) {{ stop("{symbol.name}"); }}']
        elif symbol.name.startswith("_ZTI"):
            # Classes are told apart by the names in these, as early as when PyTorch's Python part is loaded.
            content = f'{{type_of_class + 2, "{symbol.name[4:]}"}}'
            lines += [f"void *o{number}[8] {label} = {content};"]
        else:
            lines += [f"void *o{number}[{symbol.size // 8 + 1}] {label};"]
    return "\n".join([*lines, ""])


def write_stand_in(libraries: Sequence[Path], users: Iterable[Path], out: Path) -> int:
    """Write a stand-in for ``libraries`` that holds what ``users`` refer to; returns the number of symbols. Needs gcc.

    It has the name of the first; the others are those that the loader found through it. What they have of C++'s own
    library in them stays out: the true one is there.

    Raises
    ------
    subprocess.CalledProcessError
        When the compiler refuses; it has said why.
    """
    offered: dict[str, Symbol] = {}
    for library in libraries:
        offered |= symbols(library, defined=True)
    for name in symbols(standard_library(), defined=True).keys() & offered.keys():
        del offered[name]
    wanted: dict[str, Symbol] = {}
    for user in users:
        wanted |= {name: offered[name] for name in symbols(user, defined=False) if name in offered}
    command = ["gcc", "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o", str(out)]
    command.append(f"-Wl,-soname,{libraries[0].name}")
    command += ["-l:libstdc++.so.6"]
    out.unlink(missing_ok=True)
    subprocess.run(command, input=source(wanted.values()), text=True, check=True)
    return len(wanted)


def is_for_card(name: str) -> bool:
    """Whether a library of PyTorch itself is of use with a card only."""
    return name.startswith(CARD_ONLY)


def stage(site: Path, out: Path) -> Path:
    """Copy ``torch`` and ``torchvision`` of the environment ``site`` to ``out``, without what is for the card.

    Files are hard links where the disk can. Returns ``out``, which goes before ``site`` on Python's path.
    """
    shutil.rmtree(out, ignore_errors=True)
    for name in ("torch", "torchvision", "torchvision.libs"):
        if (site / name).is_dir():
            shutil.copytree(site / name, out / name, copy_function=_link, ignore=_not_wanted)
    libraries = out / "torch" / "lib"
    theirs = {path.name: path for path in (site / "nvidia").glob("*/lib/*.so*")}
    own = {path.name: path for path in (site / "torch" / "lib").glob("*.so*")}
    users = [*libraries.glob("*.so*"), *(out / "torchvision").glob("*.so")]
    for name in sorted({each for user in users for each in needed(user)}):
        if name in own and is_for_card(name):
            others = [path for path in own.values() if is_for_card(path.name) and path.name != name]
            write_stand_in([own[name], *others], users, libraries / name)
        elif name in theirs and theirs[name].stat().st_size < LARGE:
            _link(str(theirs[name]), str(libraries / name))
        elif name in theirs:
            write_stand_in([theirs[name]], users, libraries / name)
    for name, ends in MENDED.items():
        mended = out / "torch" / name
        text = mended.read_text(encoding="utf-8") + ends
        mended.unlink()  # never through the link into the environment
        mended.write_text(text, encoding="utf-8")
    return out


def _link(source_file: str, target: str) -> str:
    try:
        os.link(source_file, target)
    except OSError:
        shutil.copy2(source_file, target)
    return target


def _not_wanted(folder: str, names: list[str]) -> set[str]:
    """What of ``torch`` only compiling against it needs, its tests, and what is for the card."""
    place = Path(folder)
    if place.name == "torch":
        return {"include", "share", "test"}.intersection(names)
    return {name for name in names if name == "__pycache__" or (place.name == "lib" and is_for_card(name))}
