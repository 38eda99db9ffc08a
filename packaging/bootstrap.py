"""Install Latent Studio into ``.venv`` beside this folder, then start it or run its tests.

    python3 packaging/bootstrap.py [--device DEVICE] start [arguments of latent-studio]
    python3 packaging/bootstrap.py [--device DEVICE] test  [arguments of pytest]
    python3 packaging/bootstrap.py [--device DEVICE] install
    python3 packaging/bootstrap.py explain

``install`` does no more than that; ``explain`` says in a line of JSON which graphics there are and which build of
PyTorch fits, for the window's settings. DEVICE is cpu, cuda, rocm, xpu or mps; without it, the build of PyTorch is
chosen for the graphics card that is found. With ``none``, all but PyTorch is fetched, and the window offers the rest.
Standard library only. It installs once; later calls go straight on, until ``pyproject.toml`` changes. An upgrade goes
into an environment of its own in ``.venvs`` and is used from the moment it has drawn a picture; the one before is kept.
"""

import hashlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from installer import OLDEST
from installer.report import complain, fail, megabytes, say, word

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = {"start": "", "test": "test"}
COMMANDS = (*EXTRAS, "install", "explain")
# All tests together run in as many processes as there are cores; a chosen few run in one, so that they start at once.
WHOLE_SUITE = ["-n", "auto", "--dist", "worksteal"]
# What a run of each command leaves installed: the tests need everything the application needs.
COVERS = {"start": ("start",), "test": ("start", "test")}


def check_python() -> None:
    """Refuse a Python that is too old, or one that cannot make environments."""
    problem = ""
    if sys.version_info < OLDEST:
        problem = word(
            "Python {oldest} or newer is needed, and this is {found}. Install a newer Python, and start this script "
            "with it, for example: python3.12 packaging/bootstrap.py start",
            oldest=".".join(map(str, OLDEST)),
            found=sys.version.split()[0],
        )
    # Debian and Ubuntu ship Python without these two; venv would fail halfway and leave a broken folder behind.
    elif any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        problem = word(
            "This Python cannot make environments: its modules venv and ensurepip are not installed. "
            "On Debian or Ubuntu: sudo apt install python3-venv"
        )
    if problem:
        complain(problem)
        sys.exit(1)


# The rest of the folder beside this file needs a Python that passed the check; so it is imported where it is used.


def fingerprint(device: str) -> str:
    """Changes whenever the environment must be installed again."""
    parts = (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode(), device.encode()
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def ensure_installed(command: str, device: str = "") -> Path:
    """The interpreter of an environment that has what ``command`` needs, installed now unless it was before.

    ``device`` is what was asked for; empty: what the last installation was for, or what is found.
    """
    from installer import environments

    link, folder = ROOT / ".venv", ROOT / ".venvs"
    python = environments.python_in(link)
    if is_installed(command, device):
        return python
    waiting = "Another start is installing already; waiting until it has ended ..."
    with environments.exclusive(folder, lambda: say(waiting)):
        if is_installed(command, device):
            return python
        stamp = environments.stamp_of(link)
        device = device or str(stamp.get("device", ""))
        now = fingerprint(device)
        current = stamp.get("fingerprint") == now and environments.works(link)
        # The tests' packages join an environment that is otherwise as it should be; anything else is made beside it.
        target = link.resolve() if current else folder / now[:12]
        install(command, device, target, link, now)
    return python


def is_installed(command: str, device: str) -> bool:
    """Whether the environment in use has what ``command`` needs; empty ``device``: for the one it was installed for."""
    from installer import environments

    link = ROOT / ".venv"
    stamp = environments.stamp_of(link)
    now = fingerprint(device or str(stamp.get("device", "")))
    ready = stamp.get("fingerprint") == now and command in stamp.get("commands", ())
    return ready and environments.python_in(link).exists()


def install(command: str, device: str, target: Path, link: Path, now: str) -> None:
    """Make the environment ``target`` ready for ``command`` and let ``link`` lead to it."""
    from installer import builds, by_pip, certificates, environments, machine, packages

    certificates.trust(certificates.list_of_pip)
    try:
        build = builds.choose(machine.detect(), device)
    except builds.NoSuchBuild as problem:
        complain(str(problem))
        sys.exit(1)
    if build.backend not in ("", builds.LATER) and not builds.reachable(build):
        say(
            "PyTorch's own index cannot be reached ({address}); its build comes from the package index instead.",
            address=f"{builds.index_address()}/{build.backend}",
        )
        build = builds.Build("", word("{reason}, as far as the package index goes", reason=build.why))
    before = link.resolve()
    if not environments.works(target):
        # One that is in use and does not work any more, because its Python was removed, is made anew in its place.
        if target.resolve() != before and environments.works(link):
            say("Making a new environment beside the one in use ({folder}) ...", folder=target)
            with environments.changing(target):
                environments.copy(link, target)
        else:
            say("Making an environment of its own in {folder} ...", folder=target)
            with environments.changing(target):
                if not environments.make(target):
                    problem = (
                        "The environment could not be made in {folder}. The lines above say why; is the disk full?"
                    )
                    fail(problem, folder=target)
    python = environments.python_in(target)
    try:
        uv = packages.uv_command(python)
        if uv is not None:
            wheels = packages.missing(uv, python, packages.resolve(uv, python, ROOT, EXTRAS[command], build))
    except packages.Unresolved as problem:
        fail(
            "The packages could not be worked out. Check the connection to the internet (behind a proxy, set "
            "HTTPS_PROXY), then run the same command again. What was said: {reason}",
            reason=problem,
        )
    if uv is None:
        say("uv could not be fetched; pip installs instead.")
        with environments.changing(target):
            by_pip.install(python, ROOT, EXTRAS[command], build)
    else:
        size = sum(wheel.size for wheel in wheels)
        kind = build.backend or word("the package index's build")
        if wheels:
            told = "To fetch: {count} packages, {size}; PyTorch: {kind}, {reason}."
            say(told, count=len(wheels), size=megabytes(size), kind=kind, reason=build.why)
        else:
            say("Nothing is to be fetched; PyTorch: {kind}, {reason}.", kind=kind, reason=build.why)
        folder = ROOT / ".venvs" / "wheels"
        environments.check_room(target, packages.room_for(wheels, folder))
        fetched = packages.fetch_large(wheels, folder)
        with environments.changing(target):
            packages.install(uv, python, wheels, fetched)
            own = [*uv, "pip", "install", "--quiet", "--python", str(python), "--no-deps", "--editable", str(ROOT)]
            if subprocess.run(own, check=False).returncode != 0:
                fail("Latent Studio itself could not be installed; the lines above say why.")
    say("Drawing a picture, to see whether it works ...")
    if not draws_a_picture(python, with_torch=build.backend != builds.LATER):
        kept = environments.works(link)
        fail(
            "The new environment in {folder} does not draw a picture; the lines above say why. {then}",
            folder=target,
            then=word("The one before stays in use.") if kept else word("Run the same command again."),
        )
    environments.switch(link, target)
    kept = environments.stamp_of(target).get("commands", []) if target.resolve() == before else []
    commands = sorted({*kept, *COVERS[command]})
    environments.write_stamp(
        target, {"fingerprint": now, "device": device, "torch": build.backend, "commands": commands}
    )
    environments.sweep(ROOT / ".venvs", {target, before, ROOT / ".venvs" / "replaced"})


def explanation() -> "dict[str, str]":
    """The graphics of this machine (their kind and name), the build of PyTorch that fits, why, and the one in use."""
    from installer import builds, environments, machine

    found = machine.detect()
    build = builds.choose(found)
    used = str(environments.stamp_of(ROOT / ".venv").get("torch", ""))
    return {"graphics": found.graphics, "name": found.name, "build": build.backend, "why": build.why, "used": used}


def draws_a_picture(python: Path, *, with_torch: bool = True) -> bool:
    """Whether the environment makes one picture; what is compiled for it on the way is kept for later."""
    making = ["sample", "--seed", "0", "--device", "cpu"]
    if with_torch:
        # Compiled now, a network's first picture need not wait for it; where this fails, it waits.
        compiling = "from studio.networks.cpu.warm_up import warm_up; warm_up()"
        subprocess.run([str(python), "-c", compiling], cwd=ROOT, check=False)
    else:
        making = ["stylize", str(ROOT / "resources/styles/Agate.jpg"), "--style", "Batik", "--size", "128"]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "sample.png"
        home = {**os.environ, "LATENT_STUDIO_HOME": folder}
        command = [str(python), "-m", "studio", *making, "--out", str(out)]
        done = subprocess.run(command, cwd=ROOT, env=home, capture_output=True, text=True, check=False)
        if done.returncode != 0 or not out.exists():
            sys.stderr.write(done.stdout + done.stderr)
            return False
    return True


def run(python: Path, arguments: "list[str]") -> int:
    """Run the environment's Python in the foreground; returns its exit code (never returns on POSIX)."""
    command = [str(python), *arguments]
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    # Ctrl+C reaches the child too: let it end in its own way.
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def main(arguments: "list[str]") -> int:
    """Do what the first argument says, handing the others on."""
    device = ""
    if arguments[:1] == ["--device"] and len(arguments) > 1:
        device, arguments = arguments[1], arguments[2:]
    command = arguments[0] if arguments else ""
    if command not in COMMANDS:
        sys.stderr.write(__doc__ or "")
        return 2
    check_python()
    if command == "explain":
        print(json.dumps(explanation()), flush=True)
        return 0
    # Installed as it is, nothing is compiled: every start would do it again where nothing may be kept.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # The window stops an installation so: what is being run for it must end, too.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        python = ensure_installed("start" if command == "install" else command, device)
    except OSError as error:
        problem = (
            "Cannot write into {folder}: {reason}. Make room on the disk, or clone Latent Studio into a folder that "
            "you may write to."
        )
        complain(word(problem, folder=ROOT, reason=error))
        return 1
    except KeyboardInterrupt:
        complain(word("Interrupted; run the same command again to go on."))
        return 130
    finally:
        signal.signal(signal.SIGTERM, before)
    if command == "install":
        return 0
    if command == "start":
        return run(python, ["-m", "studio", *arguments[1:]])
    os.chdir(ROOT)
    return run(python, ["-m", "pytest", *(arguments[1:] or WHOLE_SUITE)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
