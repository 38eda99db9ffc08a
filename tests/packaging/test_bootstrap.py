"""The two commands of the README: what they install on which machine, and what they say when they cannot.

Environments are real, made and filled by uv from an index on this machine; only the machine is pretended.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import os
import shutil
import ssl
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import uv as uv_package

from tests.support.package_index import PackageIndex, proxied, serve

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "bootstrap.py"
UV = uv_package.find_uv_bin()

BACKEND = """
import base64, hashlib, pathlib, zipfile
def build_editable(folder, settings=None, metadata=None):
    return build(folder, {"demo.pth": str(pathlib.Path(__file__).parent)})
def build(folder, files):
    info = "demo-1.0.dist-info"
    files = {**files, info + "/METADATA": "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n",
             info + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}
    files[info + "/RECORD"] = "".join(f"{name},,\\n" for name in [*files, info + "/RECORD"])
    with zipfile.ZipFile(pathlib.Path(folder) / "demo-1.0-py3-none-any.whl", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return "demo-1.0-py3-none-any.whl"
build_wheel = build_editable
"""
PROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["torch>=2.8", "torchvision", "tiny"]
[project.optional-dependencies]
test = ["checker"]
"""
STUDIO = """import pathlib, sys, torch, torchvision
assert torch.__version__.partition("+")[2] == torchvision.__version__.partition("+")[2]
pathlib.Path(sys.argv[sys.argv.index("--out") + 1]).write_text("picture")
"""


STUDIO_ANYWAY = """import pathlib, sys
pathlib.Path(sys.argv[sys.argv.index("--out") + 1]).write_text("picture")
"""


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, at work on a clone in a folder with a space and letters beyond ASCII."""
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    monkeypatch.setattr(part("report"), "speaks_chinese", lambda: False)
    monkeypatch.setenv("UV_SYSTEM_CERTS", "1")  # what an installation sets goes with the test
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    root = tmp_path / "my studio – 工作室"
    (root / "studio").mkdir(parents=True)
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    (root / "studio" / "__main__.py").write_text(STUDIO)
    monkeypatch.setattr(module, "ROOT", root)
    return module


def part(name: str) -> ModuleType:
    return importlib.import_module(f"installer.{name}")


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[PackageIndex]:
    with serve(PackageIndex()) as served:
        served.add("tiny", "1.0")
        served.add("checker", "1.0")
        for version in ("2.9.0", "2.10.0"):
            served.add("torch", version, payload=3000)
        served.add("torchvision", "0.25.0", "torch==2.10.0")
        for build in ("cpu", "cu130", "cu126", "xpu"):
            served.add("torch", f"2.9.1+{build}", build=build, payload=3000)
            served.add("torchvision", f"0.24.1+{build}", f"torch==2.9.1+{build}", build=build)
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"{served.address}/simple")
        monkeypatch.setenv("LATENT_STUDIO_TORCH_INDEX", f"{served.address}/whl")
        monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield served


Installed = Callable[..., dict[str, str]]


@pytest.fixture
def install(bootstrap: ModuleType, index: PackageIndex, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Installs for a machine that is pretended; returns the versions of what the environment has then."""
    packages, environments, machine, download = map(part, ("packages", "environments", "machine", "download"))
    monkeypatch.setattr(packages, "uv_command", lambda python: [UV])
    monkeypatch.setattr(packages, "LARGE", 2000)
    monkeypatch.setattr(download, "PATIENCE", 2)
    monkeypatch.setattr(download.time, "sleep", lambda seconds: None)

    def make(folder: Path) -> bool:
        command = [UV, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)]
        return subprocess.run(command, check=False).returncode == 0

    monkeypatch.setattr(environments, "make", make)

    def run(command: str = "start", device: str = "", **about: object) -> dict[str, str]:
        found = machine.Machine("Linux", "x86_64", **about)
        monkeypatch.setattr(machine, "detect", lambda: found)
        python = bootstrap.ensure_installed(command, device)
        listing = subprocess.run([UV, "pip", "list", "--format", "json", "--python", str(python)], capture_output=True)
        return {entry["name"]: entry["version"] for entry in json.loads(listing.stdout)}

    return run


@pytest.mark.parametrize(
    ("about", "device", "build"),
    [
        ({}, "", "cpu"),
        ({"graphics": "nvidia", "name": "RTX", "driver": (580, 65)}, "", "cu130"),
        ({"graphics": "nvidia", "name": "GTX", "driver": (551, 23)}, "", "cu126"),
        ({"graphics": "nvidia", "name": "GTX", "driver": (470, 1)}, "", "cpu"),
        ({"graphics": "nvidia", "name": "RTX", "driver": (580, 65)}, "cpu", "cpu"),
        ({"graphics": "intel", "name": "Arc"}, "", "xpu"),
    ],
)
def test_every_machine_gets_its_build(bootstrap: ModuleType, about: dict[str, object], device: str, build: str) -> None:
    machine, builds = part("machine"), part("builds")
    assert builds.choose(machine.Machine("Linux", "x86_64", **about), device).backend == build


def test_macs_take_the_usual_build_and_impossible_devices_are_refused(bootstrap: ModuleType) -> None:
    machine, builds = part("machine"), part("builds")
    mac = machine.Machine("Darwin", "arm64", "apple")
    assert builds.choose(mac).backend == ""
    for computer, device in ((mac, "cuda"), (machine.Machine("Windows", "amd64"), "rocm"), (mac, "tpu")):
        with pytest.raises(builds.NoSuchBuild):
            builds.choose(computer, device)
    with pytest.raises(builds.NoSuchBuild):
        builds.choose(machine.Machine("Linux", "x86_64"), "mps")


def test_the_machine_is_told_by_what_the_system_says(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = part("machine")
    monkeypatch.setattr(machine.platform, "system", lambda: "Linux")
    smi = {"nvidia-smi": "NVIDIA GeForce RTX 4070, 580.65.06\n"}
    found = machine.detect(lambda command: smi.get(command[0], ""), tmp_path)
    assert (found.graphics, found.name, found.driver) == ("nvidia", "NVIDIA GeForce RTX 4070", (580, 65, 6))
    assert machine.detect(lambda command: "", tmp_path).graphics == "none"
    card = tmp_path / "sys/class/drm/card0/device"
    card.mkdir(parents=True)
    (card / "vendor").write_text("0x1002\n")
    assert machine.detect(lambda command: "", tmp_path).graphics == "none"
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev/kfd").touch()
    assert machine.detect(lambda command: "", tmp_path).graphics == "amd"
    monkeypatch.setattr(machine.platform, "system", lambda: "Windows")
    listed = {"powershell": "Intel(R) UHD Graphics\nNVIDIA GeForce GTX 1650\n"}
    assert machine.detect(lambda command: listed.get(command[0], ""), tmp_path).graphics == "nvidia"


def test_a_computer_without_a_card_fetches_the_small_build_once(
    install: Installed, bootstrap: ModuleType, index: PackageIndex, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    versions = install()
    assert (versions["torch"], versions["torchvision"]) == ("2.9.1+cpu", "0.24.1+cpu")
    assert "PyTorch: cpu, no graphics card" in capsys.readouterr().out
    # A large file's contents are in the environment alone: uv would keep them for ever.
    kept = {path.name for path in (tmp_path / "uv-cache").glob("archive-v0/*/*")}
    assert "tiny" in kept and "torch" not in kept and not (bootstrap.ROOT / ".venvs" / "wheels").exists()
    index.requests.clear()
    assert install()["torch"] == "2.9.1+cpu"
    assert index.requests == []
    assert "checker" in install("test")
    assert index.fetched("torch") == []


def test_without_pytorch_the_rest_is_there_and_pytorch_joins_it_later(
    install: Installed, bootstrap: ModuleType, index: PackageIndex
) -> None:
    project = bootstrap.ROOT / "pyproject.toml"
    project.write_text(PROJECT.replace('"tiny"', '"tiny", "spandrel>=0.4"'))
    index.add("spandrel", "0.5", "torch")
    (bootstrap.ROOT / "studio" / "__main__.py").write_text(STUDIO_ANYWAY)
    versions = install(device="none")
    assert "tiny" in versions and not {"torch", "torchvision", "spandrel"} & versions.keys()
    assert index.fetched("torch") == []
    assert {"torch", "spandrel"} <= install(device="cpu").keys()


def test_a_closed_network_takes_the_package_indexs_pair(
    install: Installed, index: PackageIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    index.builds = None
    versions = install(graphics="nvidia", name="RTX", driver=(580,))
    assert (versions["torch"], versions["torchvision"]) == ("2.10.0", "0.25.0")
    assert "cannot be reached" in capsys.readouterr().out


def test_a_download_that_is_cut_off_goes_on(install: Installed, index: PackageIndex) -> None:
    index.cuts = [1000, 500]
    assert install()["torch"] == "2.9.1+cpu"
    assert [request[2] for request in index.fetched("torch")] == ["", "bytes=1000-", "bytes=1500-"]


def test_what_came_before_a_dead_connection_is_kept_for_the_next_time(
    install: Installed, bootstrap: ModuleType, index: PackageIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    index.cuts = [1200] + [0] * 9
    with pytest.raises(SystemExit):
        install()
    assert "what has come is kept" in capsys.readouterr().err
    assert not (bootstrap.ROOT / ".venv").exists()
    index.cuts = []
    index.requests.clear()
    assert install()["torch"] == "2.9.1+cpu"
    assert index.fetched("torch")[0][2] == "bytes=1200-"


def test_an_upgrade_is_used_when_it_works_and_the_one_before_is_kept(
    install: Installed, bootstrap: ModuleType, index: PackageIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    install()
    link = bootstrap.ROOT / ".venv"
    first = link.resolve()
    project = bootstrap.ROOT / "pyproject.toml"
    project.write_text(PROJECT.replace('"tiny"', '"tiny", "more"'))
    index.add("more", "1.0")
    (bootstrap.ROOT / "studio" / "__main__.py").write_text("raise SystemExit('broken')")
    with pytest.raises(SystemExit):
        install()
    assert link.resolve() == first
    assert "The one before stays in use" in capsys.readouterr().err
    (bootstrap.ROOT / "studio" / "__main__.py").write_text(STUDIO)
    index.requests.clear()
    assert install()["more"] == "1.0"
    assert link.resolve() != first and first.is_dir()
    assert index.fetched("torch") == []
    assert (
        "more"
        not in subprocess.run(
            [UV, "pip", "list", "--python", str(first)], capture_output=True, text=True, check=True
        ).stdout.split()
    )


def test_versions_come_from_the_lock_while_it_fits(
    install: Installed, bootstrap: ModuleType, index: PackageIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    locks = part("locks")
    index.add("tiny", "2.0")
    path = bootstrap.ROOT / locks.FOLDER / locks.lock_name("Linux", "cpu")
    path.parent.mkdir(parents=True)
    first = locks.MADE_FOR + locks.dependencies_digest(bootstrap.ROOT)
    path.write_text(f"{first}\ntiny==1.0\ntorch==2.9.1\n")
    versions = install()
    assert (versions["tiny"], versions["torch"]) == ("1.0", "2.9.1+cpu")
    # A version that this index does not have must not keep anybody from starting.
    path.write_text(f"{first}\ntiny==3.0\n")
    assert locks.lock_for(bootstrap.ROOT, "cpu", "Linux") == path
    project = bootstrap.ROOT / "pyproject.toml"
    project.write_text(project.read_text() + "# changed\n")
    assert install()["tiny"] == "2.0"
    assert "cannot all be had" in capsys.readouterr().out
    project.write_text(PROJECT.replace('"tiny"', '"tiny<2"'))
    assert locks.lock_for(bootstrap.ROOT, "cpu", "Linux") is None
    assert (locks.lock_name("Linux", ""), locks.lock_name("Windows", "")) == ("linux-cuda.txt", "windows-cpu.txt")


def test_the_locks_of_this_tree_hold_versions_and_no_address(bootstrap: ModuleType) -> None:
    root, locks = SCRIPT.parents[1], part("locks")
    found = sorted((root / locks.FOLDER).glob("*.txt"))
    assert len(found) == 5
    for path in found:
        first, *pins = path.read_text(encoding="utf-8").splitlines()
        assert first == locks.MADE_FOR + locks.dependencies_digest(root), "run packaging/refresh_locks.py"
        assert all("==" in pin and "://" not in pin for pin in pins)
        assert any(pin.startswith("nvidia-") for pin in pins) is (path.name == "linux-cuda.txt")


def test_an_environment_of_an_older_version_makes_way_and_one_without_its_python_is_made_anew(
    install: Installed, bootstrap: ModuleType
) -> None:
    old = bootstrap.ROOT / ".venv"
    old.mkdir()
    (old / "kept.txt").touch()
    assert install()["tiny"] == "1.0"
    assert (bootstrap.ROOT / ".venvs" / "replaced" / "kept.txt").exists()
    for python in (old / "bin").glob("python*"):
        python.unlink()
        python.symlink_to(bootstrap.ROOT / "removed")
    assert install()["tiny"] == "1.0"


def test_a_second_start_waits_until_the_first_has_installed(bootstrap: ModuleType, tmp_path: Path) -> None:
    environments = part("environments")
    first = environments.exclusive(tmp_path / "new", lambda: None)
    said: list[str] = []
    first.__enter__()

    def ended(seconds: float) -> None:
        said.append("waits")
        first.__exit__(None, None, None)

    with environments.exclusive(tmp_path / "new", lambda: said.append("told"), ended):
        assert said == ["told", "waits"]


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="no folder that nobody may write")
def test_a_folder_that_may_not_be_written_is_said_in_one_line(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    (bootstrap.ROOT / ".venvs").symlink_to("/sys/kernel")
    assert bootstrap.main(["start"]) == 1
    said = capsys.readouterr().err
    assert f"Cannot write into {bootstrap.ROOT}" in said and said.count("\n") == 1


def test_a_pair_that_does_not_fit_is_refused_before_anything_is_fetched(
    install: Installed, index: PackageIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    packages = part("packages")
    lock = {
        "packages": [
            {"name": "torch", "version": "2.9.1+cpu", "wheels": [{"url": "https://one/torch.whl"}]},
            {"name": "torchvision", "version": "0.24.1", "wheels": [{"url": "https://two/torchvision.whl"}]},
        ]
    }
    with pytest.raises(packages.Unresolved, match=r"torch 2\.9\.1\+cpu \(one\), torchvision 0\.24\.1 \(two\)"):
        packages.wheels_in(lock)
    assert index.builds is not None
    index.builds["cpu"] = {name: data for name, data in index.builds["cpu"].items() if "vision" not in name}
    with pytest.raises(SystemExit):
        install()
    assert "torchvision was not found" in capsys.readouterr().err
    assert index.fetched("torch") == []


def test_an_index_that_is_down_and_a_full_disk_are_said(
    install: Installed, index: PackageIndex, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = shutil.disk_usage(".")
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda path: usage._replace(free=100))
        with pytest.raises(SystemExit):
            install()
    assert "Installing needs about" in capsys.readouterr().err
    index.packages.clear()
    monkeypatch.setenv("UV_NO_CACHE", "1")  # old versions of uv remember for minutes what the index had
    with pytest.raises(SystemExit):
        install()
    assert "could not be worked out" in capsys.readouterr().err
    assert index.fetched("torch") == []


def test_each_fetched_file_goes_before_the_next_is_unpacked(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = part("packages")
    sizes = {"torch": 900, "scipy": 300, "tiny": 1}
    wheels = [packages.Wheel(name, "1", f"https://one/{name}.whl", size, "") for name, size in sizes.items()]
    fetched = {wheel: tmp_path / wheel.name for wheel in wheels if wheel.size > 1}
    for path in fetched.values():
        path.touch()
    lying: list[tuple[list[str], int]] = []
    # All unpacked, and beside it one file that is still packed, but for what has come already.
    (tmp_path / "torch.whl.part").write_bytes(bytes(50))
    assert packages.room_for(wheels, tmp_path) == 2 * 1201 + 900 - 50

    def installs(uv: list[str], python: Path, addresses: dict[str, str]) -> bool:
        lying.append((list(addresses), len(list(tmp_path.glob("*.whl")))))
        return True

    monkeypatch.setattr(packages, "install_from", installs)
    packages.install(["uv"], Path("python"), wheels, fetched)
    assert lying == [(["tiny"], 2), (["torch"], 2), (["scipy"], 1)]
    assert not list(tmp_path.glob("*.whl"))


def test_a_proxy_is_used_and_one_that_is_dead_is_said(
    install: Installed,
    bootstrap: ModuleType,
    index: PackageIndex,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    locks = part("locks")
    lock = bootstrap.ROOT / locks.FOLDER / locks.lock_name("Linux", "")
    lock.parent.mkdir(parents=True)
    lock.write_text(f"{locks.MADE_FOR}{locks.dependencies_digest(bootstrap.ROOT)}\ntiny==1.0\n")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://packages.invalid/simple")
    monkeypatch.setenv("LATENT_STUDIO_TORCH_INDEX", "http://packages.invalid/whl")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")

    def use(proxy: str) -> None:
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.setattr("urllib.request._opener", None)  # made once in a process, with the proxy of that moment

    use("http://127.0.0.1:9")
    with pytest.raises(SystemExit):
        install()
    said = capsys.readouterr()
    assert "cannot be reached" in said.out and "set HTTPS_PROXY" in said.err and said.err.count("\n") == 1
    assert "cannot all be had" not in said.out  # nobody answered, whatever was asked for
    with proxied(index) as (address, seen):
        use(address)
        assert install()["torch"] == "2.9.1+cpu"
    assert any("/whl/cpu/files/torch-2.9.1" in request for request in seen)


def test_downloads_trust_whom_the_system_trusts_and_pips_list_where_it_has_none(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pip", reason="this environment was made without pip")
    certificates = part("certificates")
    usual = ssl.get_default_verify_paths()
    for there in (usual._replace(cafile=__file__), usual._replace(cafile=None, capath=None)):
        for name in ("SSL_CERT_FILE", "UV_SYSTEM_CERTS"):
            monkeypatch.setenv(name, "")
            del os.environ[name]
        monkeypatch.setattr(certificates.ssl, "get_default_verify_paths", lambda there=there: there)
        certificates.trust(certificates.list_of_pip)
        assert os.environ["UV_SYSTEM_CERTS"] == "1"
        chosen = os.environ.get("SSL_CERT_FILE")
        assert (chosen is None) is (there.cafile is not None)
    assert chosen is not None and ssl.create_default_context(cafile=chosen).cert_store_stats()["x509_ca"] > 50


def test_a_disk_that_fills_up_meanwhile_is_said_in_one_line(
    bootstrap: ModuleType, index: PackageIndex, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    download, target = part("download"), bootstrap.ROOT / "torch.whl"
    target.with_name("torch.whl.part").symlink_to("/dev/full")
    address = f"{index.address}/whl/cpu/files/torch-2.9.1%2Bcpu-py3-none-any.whl"

    def fetch(command: str, device: str) -> None:
        download.fetch(address, target, "", download.Meter(3000))

    monkeypatch.setattr(bootstrap, "ensure_installed", fetch)
    assert bootstrap.main(["start"]) == 1
    said = capsys.readouterr().err
    assert "No space left" in said and "Make room" in said and said.count("\n") == 1


def test_uv_knows_every_build_that_may_be_chosen() -> None:
    builds = part("builds")
    said = subprocess.run([UV, "pip", "compile", "--torch-backend", "?", "-"], capture_output=True, text=True).stderr
    known = said.partition("[possible values: ")[2].partition("]")[0].split(", ")
    assert {"auto", "cpu", "xpu", builds.ROCM, *(backend for backend, _ in builds.CUDA_DRIVERS)} <= set(known)


@pytest.mark.parametrize(
    "said",
    [
        """'NewConnectionError('<pip._vendor.HTTPSConnection object at 0x7f>: No route [-3]')': /simple/""",
        """'NewConnectionError("HTTPSConnection(host='pypi.org', port=443): No route [-3]")': /simple/""",
        """'ProxyError('No proxy', NewConnectionError('<HTTPSConnection at 0x7f>: No route [-3]'))': /uv""",
    ],
)
def test_without_a_connection_uv_is_missed_in_one_line_and_pip_is_not_asked_for_the_rest(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    packages = part("packages")
    answers = [
        "No module named uv",
        f"WARNING: Retrying after connection broken by {said}",
        "none fits",
    ]

    def run(command: list[str], **options: object) -> object:
        return subprocess.CompletedProcess(command, 1, "", answers.pop(0))

    monkeypatch.setattr(packages.subprocess, "run", run)
    with pytest.raises(packages.Unreachable) as problem:
        packages.uv_command(Path("python"))
    assert str(problem.value) == "No route [-3]"
    answers.insert(0, "No module named uv")
    assert packages.uv_command(Path("python")) is None


def test_without_uv_pip_installs_the_same_build(
    install: Installed,
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    index: PackageIndex,
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps: list[list[str]] = []
    places: list[Path] = []
    monkeypatch.setattr(part("packages"), "uv_command", lambda python: None)
    monkeypatch.setattr(bootstrap, "draws_a_picture", lambda python, **_: True)
    true_run = subprocess.run

    def run(command: list[str], **options: object) -> object:
        if "pip" in command and "--disable-pip-version-check" in command:
            steps.append(command)
            places.append(Path(options["env"]["TMPDIR"]).parent)  # type: ignore[index]
            return subprocess.CompletedProcess(command, 0)
        return true_run(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", run)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda path, usage=shutil.disk_usage("."): usage._replace(free=9 * 10**9))
        with pytest.raises(SystemExit):
            install(graphics="nvidia", name="RTX", driver=(580,))
    assert "Installing needs about 10.0 GB" in capsys.readouterr().err and not steps
    monkeypatch.setattr(part("by_pip"), "ROOM", {"card": 1})
    install(graphics="nvidia", name="RTX", driver=(580,))
    assert places == [bootstrap.ROOT / ".venvs"] * 2
    assert steps[0][-4:] == ["--index-url", f"{index.address}/whl/cu130", "torch", "torchvision"]
    assert steps[1][-2:] == ["--editable", str(bootstrap.ROOT)]


def test_an_old_python_is_refused(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    monkeypatch.setattr(sys, "version", "3.9.18 (main)")
    with pytest.raises(SystemExit) as stop:
        bootstrap.main(["start"])
    assert stop.value.code == 1
    assert "3.11 or newer" in (words := capsys.readouterr().err) and "3.9.18" in words


def test_what_speaks_first_is_readable_to_old_pythons() -> None:
    """Otherwise they would show a traceback instead of the sentence that says what is needed."""
    for path in (SCRIPT, *(SCRIPT.parent / "installer" / name for name in ("__init__.py", "report.py", "chinese.py"))):
        tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 7))
        asked = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert "__future__" not in asked  # Python 3.6 knows no annotations of the future, and works the others out
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        said = [each.annotation for node in functions for each in (*node.args.args, *node.args.kwonlyargs)]
        said += [node.returns for node in functions]
        assert not [each for each in said if isinstance(each, ast.Subscript | ast.BinOp)]


def test_all_that_is_said_is_said_in_chinese_too(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    report, texts = part("report"), part("chinese").TEXTS
    found = set()
    for path in (SCRIPT, *(SCRIPT.parent / "installer").glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef) or function.name in ("say", "fail", "word"):
                continue
            nodes = list(ast.walk(function))
            named = [(node.targets[0], node.value) for node in nodes if isinstance(node, ast.Assign)]
            for call in nodes:
                if isinstance(call, ast.Call) and ast.unparse(call.func) in ("say", "fail", "word"):
                    text = call.args[0]
                    values = [value for name, value in named if ast.unparse(name) == ast.unparse(text)] or [text]
                    found |= {each.value for each in values if isinstance(each, ast.Constant) and each.value}
                    assert all(isinstance(each, ast.Constant | ast.Call) for each in values), ast.unparse(call)
    assert found == texts.keys()

    def fields(text: str) -> list[tuple[str | None, str | None]]:
        return sorted((name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None)

    assert [text for text, chinese in texts.items() if fields(text) != fields(chinese)] == []
    monkeypatch.undo()
    for language, chinese in (("zh_CN.UTF-8", True), ("zh-Hans", True), ("zh_TW.UTF-8", False), ("C.UTF-8", False)):
        report.speaks_chinese.cache_clear()
        monkeypatch.setenv("LATENT_STUDIO_LANGUAGE", language)
        assert report.speaks_chinese() is chinese
    report.speaks_chinese.cache_clear()


def test_a_missing_venv_module_names_the_package(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(SystemExit) as stop:
        bootstrap.main(["test"])
    assert stop.value.code == 1
    assert "python3-venv" in capsys.readouterr().err


def test_without_a_command_it_explains_itself() -> None:
    result = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "start" in result.stderr and "--device" in result.stderr
