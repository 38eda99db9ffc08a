"""What has to be fetched: worked out by uv before a byte of it comes, then fetched and installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import urllib.parse
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from installer.builds import LATER, PYTORCH_INDEX, TIMEOUT, Build, index_address
from installer.download import DownloadFailed, Meter, fetch
from installer.locks import lock_for
from installer.report import fail, megabytes, say, word

# Smaller files are left to uv, which fetches many at once and keeps them for other environments.
LARGE = 5_000_000
# Unpacked wheels take about this much more room than they do packed (PyTorch with CUDA and all others: 1.92).
UNPACKED = 2.0
TORCH = ("torch", "torchvision")
ONLY_WITH_TORCH = (*TORCH, "spandrel")
"""Dependencies of the project that are PyTorch or need it."""
TORCH_INDEX_NAME = "torch-builds"
CONSTRAINTS = "constraints.txt"
NO_ANSWER = "error sending request"
PIP_NO_ANSWER = re.compile(r"connection broken by '(?:.*(?:>|port=\d+\)): )?(?P<reason>.+?)['\")]*: /")
"""Words of uv and pip about a request to which no answer came."""
ASKED_AT_ONCE = 8
"""Servers' answers that are waited for at the same time."""


@dataclass(frozen=True)
class Wheel:
    """A file to be installed: its package, address, bytes (0: unknown) and SHA-256."""

    package: str
    version: str
    address: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """Its file name."""
        return urllib.parse.unquote(self.address.rsplit("/", 1)[1].split("#")[0])

    @property
    def host(self) -> str:
        """The server that it comes from."""
        return urllib.parse.urlsplit(self.address).netloc


class Unresolved(Exception):
    """No set of packages fits together; its text is uv's own, as one line."""


class Unreachable(Unresolved):
    """An index does not answer at all: other versions would be asked for in vain."""


def uv_command(python: Path) -> list[str] | None:
    """The command of uv in the environment of ``python``, fetched by pip if need be; None when it cannot be had.

    Raises
    ------
    Unreachable
    """
    command = [str(python), "-m", "uv"]
    if subprocess.run([*command, "--version"], capture_output=True, check=False).returncode == 0:
        return command
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "uv"]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return command
    if refused := PIP_NO_ANSWER.search(done.stderr):
        raise Unreachable(one_line(refused["reason"]))
    return None


def torch_options(build: Build) -> list[str]:
    """Options that make uv take PyTorch's packages from the folder of ``build``."""
    if build.backend in ("", LATER):
        return []
    if index_address() == PYTORCH_INDEX:
        return ["--torch-backend", build.backend]
    address = f"{index_address()}/{build.backend}"
    return ["--index", f"{TORCH_INDEX_NAME}={address}", "--index-strategy", "unsafe-best-match"]


def resolve(uv: list[str], python: Path, project: Path, extra: str, build: Build) -> list[Wheel]:
    """Work out the files that ``project`` needs in the environment of ``python``.

    ``extra`` is one of its optional dependencies or empty. The versions are those of the lock that fits, else, or where
    they cannot be had (another index, a newer Python), the newest.

    Raises
    ------
    Unresolved
    """
    lock = lock_for(project, build.backend)
    if lock is not None:
        try:
            return _resolved(uv, python, project, extra, build, lock)
        except Unreachable:
            raise
        except Unresolved:
            say("The versions that this release was tried with cannot all be had here; taking the newest that fit.")
    return _resolved(uv, python, project, extra, build, None)


def without_torch(project: Path, extra: str = "") -> list[str]:
    """The dependencies of ``project``, those of ``extra`` included, without PyTorch and what needs it."""
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*declared["dependencies"], *declared.get("optional-dependencies", {}).get(extra, [])]
    return [each for each in wanted if re.split(r"[^A-Za-z0-9._-]", each, maxsplit=1)[0].lower() not in ONLY_WITH_TORCH]


def _resolved(
    uv: list[str], python: Path, project: Path, extra: str, build: Build, constraints: Path | None
) -> list[Wheel]:
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "pylock.toml"
        source = project / "pyproject.toml"
        if build.backend == LATER:
            source = Path(folder) / "requirements.in"
            source.write_text("\n".join(without_torch(project, extra)), encoding="utf-8")
        command = [*uv, "pip", "compile", str(source), "--format", "pylock.toml", "--quiet"]
        command += ["--python", str(python), "-o", str(lock), *torch_options(build)]
        if extra and build.backend != LATER:
            command += ["--extra", extra]
        if constraints is None and build.backend not in ("", LATER) and index_address() != PYTORCH_INDEX:
            constraints = _pinned(uv, python, build, Path(folder))
        if constraints is not None:
            # By name and from its folder: uv 0.9 takes a path with a space for two.
            shutil.copyfile(constraints, Path(folder) / CONSTRAINTS)
            command += ["--constraints", CONSTRAINTS]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        if done.returncode != 0:
            raise _problem(done.stderr)
        wheels = wheels_in(tomllib.loads(lock.read_text(encoding="utf-8")))
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        return list(pool.map(with_size, wheels))


def _pinned(uv: list[str], python: Path, build: Build, folder: Path) -> Path:
    """A file of constraints with the newest pair that a mirror has."""
    wanted, found = folder / "torch.in", folder / "torch.txt"
    wanted.write_text("\n".join(TORCH) + "\n", encoding="utf-8")
    command = [*uv, "pip", "compile", str(wanted), "--no-deps", "--quiet", "--no-header", "--no-annotate"]
    command += ["--python", str(python), "--default-index", f"{index_address()}/{build.backend}", "-o", str(found)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise _problem(done.stderr)
    return found


def _problem(said: str) -> Unresolved:
    """What uv ``said``, as an exception."""
    return (Unreachable if NO_ANSWER in " ".join(said.split()) else Unresolved)(one_line(said))


def one_line(text: str, longest: int = 400) -> str:
    """What uv says over many indented lines, as one; cut off where it goes into particulars."""
    line = re.sub(r"^(error|× )\s*:?\s*", "", " ".join(text.split()))
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"


def wheels_in(lock: dict[str, Any]) -> list[Wheel]:
    """The wheels of a ``pylock.toml`` (PEP 751) that fit this Python, sources where there is no wheel.

    Raises
    ------
    Unresolved
        When torch and torchvision come from different indexes: such a pair fails when it is imported.
    """
    found = []
    for package in lock.get("packages", []):
        if "version" not in package or not (files := package.get("wheels") or [package.get("sdist")]):
            continue
        if not _applies(package.get("marker", "")):
            continue
        file = files[0]
        if file is None or "url" not in file:
            continue
        hashes = file.get("hashes", {})
        found.append(
            Wheel(package["name"], package["version"], file["url"], int(file.get("size", 0)), hashes.get("sha256", ""))
        )
    pair = [wheel for wheel in found if wheel.package in TORCH]
    flavours = {wheel.version.partition("+")[2] for wheel in pair}
    # A build's name in both versions (+cpu, +cu130) is proof enough: an index may keep its files on several servers.
    if len(pair) == 2 and (len(flavours) > 1 or (flavours == {""} and pair[0].host != pair[1].host)):
        problem = "torch and torchvision do not come from one place and would not work together: {both}."
        both = ", ".join(f"{wheel.package} {wheel.version} ({wheel.host})" for wheel in pair)
        raise Unresolved(word(problem, both=both))
    return found


def with_size(wheel: Wheel) -> Wheel:
    """``wheel`` with its size asked of the server, where the index does not tell it (PyTorch's does not)."""
    if wheel.size:
        return wheel
    request = urllib.request.Request(wheel.address, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return replace(wheel, size=int(answer.headers.get("Content-Length") or 0))
    except (OSError, ValueError):
        return wheel


def _applies(marker: str) -> bool:
    """Whether a package with this marker is wanted here; uv leaves only those that it could not settle."""
    for name, value in (("sys_platform", sys.platform), ("os_name", os.name)):
        for quote in "'\"":
            for other in ("linux", "win32", "darwin", "nt", "posix"):
                if f"{name} == {quote}{other}{quote}" in marker and other != value and " or " not in marker:
                    return False
    return True


def missing(uv: list[str], python: Path, wheels: list[Wheel]) -> list[Wheel]:
    """Those of ``wheels`` that the environment does not have in that version."""
    command = [*uv, "pip", "list", "--format", "json", "--python", str(python)]
    listing = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    there = {_plain(entry["name"], entry["version"]) for entry in json.loads(listing or "[]")}
    return [wheel for wheel in wheels if _plain(wheel.package, wheel.version) not in there]


def _plain(package: str, version: str) -> tuple[str, str]:
    return package.strip().lower().replace("_", "-").replace(".", "-"), version.strip()


def room_for(wheels: list[Wheel], folder: Path) -> int:
    """Bytes that must be free to fetch and install ``wheels``: all unpacked, and the largest beside it still packed.

    What lies in ``folder`` of them, of a call that was cut off, has taken its room already.
    """
    sizes = [wheel.size for wheel in wheels]
    there = sum(path.stat().st_size for wheel in wheels for path in _places(folder, wheel) if path.is_file())
    return max(0, round(sum(sizes) * UNPACKED) + max(sizes, default=0) - there)


def _places(folder: Path, wheel: Wheel) -> tuple[Path, Path]:
    """Where ``wheel`` lies in ``folder``, whole or in part."""
    return folder / wheel.name, folder / f"{wheel.name}.part"


def fetch_large(wheels: list[Wheel], folder: Path) -> dict[Wheel, Path]:
    """Fetch the large ones of ``wheels`` into ``folder``, where they stay until they are installed: their paths.

    Ends the program with a clear line when one does not come.
    """
    large = [wheel for wheel in wheels if wheel.size >= LARGE and wheel.name.endswith(".whl")]
    folder.mkdir(parents=True, exist_ok=True)
    meter = Meter(sum(wheel.size for wheel in large))
    for wheel in large:
        say(
            "Fetching {package} {version} ({size}) ...",
            package=wheel.package,
            version=wheel.version,
            size=megabytes(wheel.size),
        )
        try:
            fetch(wheel.address, folder / wheel.name, wheel.sha256, meter)
        except DownloadFailed as error:
            fail(
                "{package} could not be fetched: {reason}. Check the connection (behind a proxy, set HTTPS_PROXY) and "
                "run the same command again: what has come is kept.",
                package=wheel.package,
                reason=error,
            )
    return {wheel: folder / wheel.name for wheel in large}


def install(uv: list[str], python: Path, wheels: list[Wheel], fetched: dict[Wheel, Path]) -> None:
    """Install ``wheels``, of which some were ``fetched``: these one by one, and each file is removed at once.

    So a file and its contents lie on the disk together for one package only. uv unpacks these beside them, on the disk
    of the environment, in a cache that goes at once: its own, perhaps on another disk, would keep gigabytes for ever,
    a copy for each time that a file is installed. Ends the program with a clear line when something does not come.
    """
    small = [wheel for wheel in wheels if wheel not in fetched]
    if wheels:
        size = megabytes(sum(wheel.size for wheel in small))
        say(
            "Installing {count} packages, of which {size} in small files are fetched now ...",
            count=len(wheels),
            size=size,
        )
    large = sorted(fetched, key=lambda wheel: wheel.size, reverse=True)
    done = not small or install_from(uv, python, {wheel.package: wheel.address for wheel in small})
    for wheel in large:
        path = fetched[wheel]
        cache = path.with_name("unpacked")
        here = [*uv, "--cache-dir", str(cache)]
        done = done and install_from(here, python, {wheel.package: path.resolve().as_uri()})
        shutil.rmtree(cache, ignore_errors=True)
        # What has no checksum may be anything, a login page of the network for one: it is not to stay for ever.
        if done or not zipfile.is_zipfile(path):
            path.unlink()
    if not done:
        fail(
            "Installing failed; the lines above say why. Check the connection to the internet and the free space on "
            "the disk, then run the same command again: what is already downloaded is kept."
        )


def install_from(uv: list[str], python: Path, addresses: dict[str, str]) -> bool:
    """Install packages from their addresses, and nothing that they ask for; whether it worked."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text(
            "".join(f"{package} @ {address}\n" for package, address in addresses.items()), encoding="utf-8"
        )
        command = [*uv, "pip", "install", "--quiet", "--python", str(python), "--no-deps", "-r", str(listed)]
        return subprocess.run(command, check=False).returncode == 0
