"""Downloads from a server on this machine: resumed, checked, cancelled; nothing here reaches the internet."""

from __future__ import annotations

import base64
import errno
import hashlib
import random
import socket
import ssl
import threading
import urllib.request
from collections import namedtuple
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from studio.base import Progress, StudioError, drain
from studio.checkpoints import download as module
from studio.checkpoints import transfer
from studio.checkpoints.download import Rate, arrived, discard, download, part_of
from studio.checkpoints.transfer import Answer, SafeRedirects
from tests.support.local_server import LocalServer, serve

CONTENT = random.Random(3).randbytes(3_000_000)
HALF = 1_500_000


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with serve(CONTENT) as running:
        yield running


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait as long as people's machines do, and no proxy of this machine stands between."""
    monkeypatch.setattr(module, "PAUSES", (0.01, 0.01, 0.01))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "network.pkl"


def cancel_after(server: LocalServer, target: Path, count: int) -> None:
    """Begin a download and close it once ``count`` bytes have arrived."""
    server.behaviour.stall = count
    work = download(server.url, target)
    for progress in work:
        if progress.step >= count:
            break
    work.close()
    server.behaviour.stall = None
    server.behaviour.go_on.set()


def test_a_whole_file(server: LocalServer, target: Path) -> None:
    told: list[Progress] = []
    assert drain(download(server.url, target, sha256=server.sha256), told.append) == target
    assert target.read_bytes() == CONTENT
    assert sorted(path.name for path in target.parent.iterdir()) in (
        ["network.pkl"],
        ["network.pkl", "network.pkl.lock"],
    )
    loading = [p.step for p in told if str(p.message) == "Downloading network.pkl"]
    assert loading == sorted(loading) and loading[-1] == len(CONTENT) and len(loading) > 3
    assert {p.total for p in told if str(p.message).startswith("Downloading")} == {len(CONTENT)}
    assert str(told[0].message) == "Connecting to 127.0.0.1" and str(told[-1].message) == "Checking network.pkl"
    # A second wish costs no second download.
    assert drain(download(server.url, target, sha256=server.sha256)) == target
    assert len(server.behaviour.requests) == 1


@pytest.mark.parametrize("validator", ["etag", "modified", "checksum"])
def test_cancelling_keeps_what_is_there_and_the_next_time_goes_on(
    server: LocalServer, target: Path, validator: str
) -> None:
    if validator != "etag":
        server.behaviour.etag = ""
    if validator == "modified":
        server.behaviour.modified = "Tue, 13 Apr 2021 10:00:00 GMT"
    cancel_after(server, target, HALF)
    assert not target.exists() and arrived(target) == HALF
    checksum = server.sha256 if validator == "checksum" else ""
    first = next(iter(download(server.url, target, sha256=checksum)))
    assert (first.step, first.total) == (HALF, len(CONTENT)), "what is there is told at once"
    assert drain(download(server.url, target, sha256=checksum)).read_bytes() == CONTENT
    assert server.ranges_asked()[-1] == f"bytes={HALF}-"
    condition = server.behaviour.requests[-1][1].get("if-range")
    assert condition == {"etag": '"one"', "modified": "Tue, 13 Apr 2021 10:00:00 GMT"}.get(validator)


def test_cancelling_waits_for_nothing(server: LocalServer, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would wait for ever otherwise: the server sends no more, and nobody gives up listening."""
    monkeypatch.setattr(transfer, "TIMEOUT", None)
    server.behaviour.stall = 1000
    work = download(server.url, target)
    for progress in work:
        if progress.step == 1000:
            break
    next(work)  # nothing comes, yet whoever drives is asked whether to go on
    work.close()
    assert not server.behaviour.go_on.is_set() and arrived(target) == 1000


def test_without_validator_and_checksum_it_begins_anew(server: LocalServer, target: Path) -> None:
    server.behaviour.etag = ""
    cancel_after(server, target, HALF)
    assert drain(download(server.url, target)).read_bytes() == CONTENT
    assert server.ranges_asked() == [None, None]


def test_a_server_without_ranges_gives_all_again(server: LocalServer, target: Path) -> None:
    server.behaviour.ranges = False
    cancel_after(server, target, HALF)
    assert drain(download(server.url, target, sha256=server.sha256)).read_bytes() == CONTENT
    assert server.ranges_asked() == [None, f"bytes={HALF}-"]


@pytest.mark.parametrize("heeds_if_range", [True, False])
def test_a_file_that_changed_meanwhile_is_not_patched_together(
    server: LocalServer, target: Path, heeds_if_range: bool
) -> None:
    cancel_after(server, target, HALF)
    other = random.Random(4).randbytes(2_500_000)
    server.behaviour.content, server.behaviour.etag = other, '"two"'
    if not heeds_if_range:
        server.behaviour.modified = '"one"'  # the handler takes the old validator for a good one
    assert drain(download(server.url, target)).read_bytes() == other
    assert server.ranges_asked()[1] == f"bytes={HALF}-"


def test_a_file_that_became_shorter(server: LocalServer, target: Path) -> None:
    server.behaviour.etag = ""
    cancel_after(server, target, HALF)
    server.behaviour.content = CONTENT[:1_000_000]
    assert drain(download(server.url, target, sha256=server.sha256)).read_bytes() == CONTENT[:1_000_000]


def test_an_answer_from_the_wrong_place_is_not_taken(server: LocalServer, target: Path) -> None:
    cancel_after(server, target, HALF)
    server.behaviour.wrong_start = True
    assert drain(download(server.url, target)).read_bytes() == CONTENT
    assert server.ranges_asked() == [None, f"bytes={HALF}-", None]


def test_a_beginning_from_another_address_is_not_used(server: LocalServer, target: Path) -> None:
    cancel_after(server, target, HALF)
    server.behaviour.content = bytes(reversed(CONTENT))
    moved = server.url.replace("network", "other")
    assert drain(download(moved, target)).read_bytes() == server.behaviour.content
    assert server.ranges_asked() == [None, None]


def test_a_cut_connection_is_taken_up_again(server: LocalServer, target: Path) -> None:
    server.behaviour.cuts = [1_000_000, 400_000, 100]
    told: list[Progress] = []
    path = drain(download(server.url, target, sha256=server.sha256), told.append)
    assert path.read_bytes() == CONTENT
    assert server.ranges_asked() == [None, "bytes=1000000-", "bytes=1400000-", "bytes=1400100-"]
    waits = [p for p in told if str(p.message).startswith("The connection broke; trying again in")]
    assert waits and waits[0].step == 1_000_000 and waits[0].total == len(CONTENT)


def test_a_connection_that_stays_broken_leaves_what_arrived(server: LocalServer, target: Path) -> None:
    server.behaviour.cuts = [1_000_000, 0, 0, 0]
    with pytest.raises(StudioError, match=r"was cut|sent nothing") as error:
        drain(download(server.url, target))
    assert "1.0 MB" in error.value.action and "kept" in error.value.action
    assert arrived(target) == 1_000_000 and not target.exists()
    assert drain(download(server.url, target)).read_bytes() == CONTENT


def test_a_silent_server_counts_as_broken(server: LocalServer, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "TIMEOUT", 0.3)
    monkeypatch.setattr(module, "PAUSES", ())
    server.behaviour.stall = HALF
    with pytest.raises(StudioError, match=r"nothing came from 127\.0\.0\.1 for too long"):
        drain(download(server.url, target))
    assert arrived(target) == HALF


def test_a_server_that_is_busy_is_asked_again(server: LocalServer, target: Path) -> None:
    server.behaviour.statuses = [503, 429]
    server.behaviour.extra = {"Retry-After": "0"}
    assert drain(download(server.url, target)).read_bytes() == CONTENT
    server.behaviour.statuses = [500] * 9
    target.unlink()
    with pytest.raises(StudioError, match="answered 500"):
        drain(download(server.url, target))
    assert len(server.behaviour.requests) == 3 + 4


@pytest.mark.parametrize(("status", "said"), [(404, "any more"), (410, "any more"), (403, "does not give")])
def test_answers_that_are_final(server: LocalServer, target: Path, status: int, said: str) -> None:
    server.behaviour.statuses = [status]
    with pytest.raises(StudioError, match=said) as error:
        drain(download(server.url, target))
    assert str(status) in error.value.message and "add the file" in error.value.action
    assert len(server.behaviour.requests) == 1


def test_a_wrong_checksum_removes_the_file(server: LocalServer, target: Path) -> None:
    with pytest.raises(StudioError, match="checksum differs"):
        drain(download(server.url, target, sha256="0" * 64))
    assert not target.exists() and not part_of(target).exists() and arrived(target) == 0
    # The next attempt begins from nothing.
    assert drain(download(server.url, target, sha256=server.sha256[:8])).read_bytes() == CONTENT
    assert server.ranges_asked() == [None, None]


@pytest.mark.parametrize(
    "headers",
    [
        {"x-goog-hash": "crc32c=AAAAAA==,md5={md5}"},
        {"Content-MD5": "{md5}"},
        {"x-amz-checksum-sha256": "{sha256}"},
        {"Repr-Digest": "sha-512=:AAAA:, sha-256=:{sha256}:"},
        {"Server": "AmazonS3", "ETag": "{etag}"},
    ],
)
def test_what_the_server_says_of_the_file_is_checked(
    server: LocalServer, target: Path, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(content: bytes) -> dict[str, str]:
        values = {
            "md5": base64.b64encode(hashlib.md5(content).digest()).decode(),
            "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
            "etag": f'"{hashlib.md5(content).hexdigest()}"',
        }
        return {name: value.format(**values) for name, value in headers.items()}

    from tests.support import local_server

    # A "Server" header of its own would stand beside ours.
    monkeypatch.setattr(local_server._Handler, "send_response", local_server._Handler.send_response_only)
    for content, good in ((CONTENT, True), (b"x" + CONTENT[1:], False)):
        extra = said(CONTENT)
        server.behaviour.etag = extra.pop("ETag", '"one"')
        server.behaviour.content, server.behaviour.extra = content, extra
        if good:
            assert drain(download(server.url, target)).read_bytes() == content
            target.unlink()
        else:
            with pytest.raises(StudioError, match="checksum differs"):
                drain(download(server.url, target))


def test_digests_survive_a_resumed_download(server: LocalServer, target: Path) -> None:
    wrong = base64.b64encode(hashlib.md5(b"another").digest()).decode()
    server.behaviour.extra = {"x-goog-hash": f"md5={wrong}"}
    cancel_after(server, target, HALF)
    server.behaviour.extra = {}
    with pytest.raises(StudioError, match="checksum differs"):
        drain(download(server.url, target))


@pytest.mark.parametrize("by", ["type", "content"])
def test_a_web_page_is_no_network(server: LocalServer, target: Path, by: str) -> None:
    server.behaviour.content = b"\n<!DOCTYPE html><html><body>Sign in to the hotel's network</body></html>"
    if by == "type":
        server.behaviour.content_type = "text/html; charset=utf-8"
    with pytest.raises(StudioError, match="web page") as error:
        drain(download(server.url, target))
    assert "sign in" in error.value.action and not part_of(target).exists() and not target.exists()


def test_a_compressed_answer_is_refused(server: LocalServer, target: Path) -> None:
    server.behaviour.extra = {"Content-Encoding": "gzip"}
    with pytest.raises(StudioError, match="compressed"):
        drain(download(server.url, target))
    assert server.behaviour.requests[0][1]["accept-encoding"] == "identity"


def test_redirects_are_followed_with_the_range(server: LocalServer, target: Path) -> None:
    server.behaviour.redirect = server.url
    moved = f"{server.base}/moved"
    server.behaviour.cuts = [HALF]
    assert drain(download(moved, target)).read_bytes() == CONTENT
    assert server.ranges_asked() == [None, f"bytes={HALF}-"]


@pytest.mark.parametrize("to", ["http://127.0.0.1/x", "ftp://example.org/x", "file:///etc/passwd"])
def test_redirects_never_lead_out_of_https(to: str) -> None:
    request = urllib.request.Request("https://example.org/network.pkl")
    with pytest.raises(StudioError, match="not secure"):
        SafeRedirects().redirect_request(request, None, 302, "Found", Message(), to)  # type: ignore[arg-type]
    again = SafeRedirects().redirect_request(
        request,
        None,
        302,
        "Found",
        Message(),
        "https://cdn.example.org/network.pkl",  # type: ignore[arg-type]
    )
    assert again is not None and again.full_url == "https://cdn.example.org/network.pkl"


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """A server with https, whose certificate the machine trusts."""
    authority = trustme.CA()
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with serve(CONTENT, context) as running:
        yield running


def test_https_is_followed_but_never_down_to_http(secure: LocalServer, server: LocalServer, target: Path) -> None:
    secure.behaviour.redirect = secure.url
    secure.behaviour.cuts = [HALF]
    assert drain(download(f"{secure.base}/moved", target)).read_bytes() == CONTENT
    target.unlink()
    secure.behaviour.redirect = server.url
    with pytest.raises(StudioError, match="not secure"):
        drain(download(f"{secure.base}/moved", target))
    assert not server.behaviour.requests and arrived(target) == 0


def test_a_server_that_nobody_vouches_for(
    secure: LocalServer, target: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    told: list[Progress] = []
    with pytest.raises(StudioError, match="does not prove") as error:
        drain(download(secure.url, target), told.append)
    assert "date and time" in error.value.action and not secure.behaviour.requests
    assert not any(str(p.message).startswith("The connection broke") for p in told), "trying again would not help"


def test_a_redirect_to_a_file_of_this_machine_is_refused(server: LocalServer, target: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    server.behaviour.redirect = (tmp_path / "secret").as_uri()
    with pytest.raises(StudioError, match="302"):
        drain(download(f"{server.base}/moved", target))
    assert arrived(target) == 0


def test_a_length_that_nobody_announced(server: LocalServer, target: Path) -> None:
    server.behaviour.length = False
    told: list[Progress] = []
    assert drain(download(server.url, target, sha256=server.sha256), told.append).read_bytes() == CONTENT
    assert {p.total for p in told if str(p.message).startswith("Downloading")} == {0}


def test_nothing_is_fetched_onto_a_disk_without_room(
    server: LocalServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    free = module.RESERVE + len(CONTENT) + 5_000_000
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage(10**9, 0, free))
    with pytest.raises(StudioError, match="not enough room") as error:
        drain(download(server.url, target, room=6_000_000))
    assert "9,000 KB" in str(error.value.message) and arrived(target) == 0
    assert drain(download(server.url, target, room=4_000_000)).read_bytes() == CONTENT


def test_an_endless_answer_does_not_fill_the_disk(
    server: LocalServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    server.behaviour.length = False
    monkeypatch.setattr(module, "RESERVE", 1_000_000)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage(10**9, 0, 2_000_000 - arrived(target)))
    with pytest.raises(StudioError, match="not enough room"):
        drain(download(server.url, target))
    assert 1_000_000 <= arrived(target) < 2_000_000


def test_a_disk_that_becomes_full_keeps_what_is_there(
    server: LocalServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Path.open

    class Full:
        def __init__(self, file: Any) -> None:
            self._file = file

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self._file.close()

        def write(self, data: bytes) -> int:
            if self._file.tell() > 1_000_000:
                raise OSError(errno.ENOSPC, "No space left on device")
            return int(self._file.write(data))

    def opened(self: Path, mode: str = "r", *args: Any, **more: Any) -> Any:
        file = original(self, mode, *args, **more)
        return Full(file) if mode == "ab" else file

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(StudioError, match="disk became full"):
        drain(download(server.url, target))
    monkeypatch.undo()
    assert arrived(target) > 1_000_000
    assert drain(download(server.url, target)).read_bytes() == CONTENT
    assert (server.ranges_asked()[-1] or "").startswith("bytes=1")


def test_no_connection_is_said_at_once(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(module, "PAUSES", (60.0,))
    with pytest.raises(StudioError, match=r"no connection to the internet, or models\.invalid") as error:
        drain(download("https://models.invalid/network.pkl", target, action="Plug it in."))
    assert str(error.value.action) == "Plug it in."


def test_a_closed_port_is_tried_again_and_named(target: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told: list[Progress] = []
    with pytest.raises(StudioError, match="refused"):
        drain(download(f"http://127.0.0.1:{port}/network.pkl", target), told.append)
    assert sum(str(p.message).startswith("Connecting") for p in told) >= 4


def test_the_proxy_of_the_system_is_used(server: LocalServer, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.base)
    monkeypatch.setenv("no_proxy", "")
    assert drain(download("http://models.invalid/network.pkl", target)).read_bytes() == CONTENT
    assert server.behaviour.requests[0][0] == "http://models.invalid/network.pkl"


def test_two_downloads_of_one_file_do_not_meet(server: LocalServer, target: Path) -> None:
    target.parent.mkdir()
    lock = FileLock(f"{target}.lock", thread_local=False)
    lock.acquire()
    work = download(server.url, target)
    assert str(next(work).message) == "Waiting for another download of network.pkl"
    threading.Timer(0.3, lock.release).start()
    assert drain(work).read_bytes() == CONTENT


def test_what_is_left_can_be_thrown_away(server: LocalServer, target: Path) -> None:
    cancel_after(server, target, HALF)
    discard(target)
    assert arrived(target) == 0 and not list(target.parent.glob("*.part*"))


def test_notes_that_are_damaged_are_no_obstacle(server: LocalServer, target: Path) -> None:
    cancel_after(server, target, HALF)
    part_of(target).with_name("network.pkl.part.json").write_text("{nonsense")
    assert drain(download(server.url, target)).read_bytes() == CONTENT


def test_the_rate_is_that_of_the_last_seconds() -> None:
    rate = Rate(window=5)
    assert rate.speed == 0 and rate.seconds_left(100) is None
    for second in range(20):
        rate.add(1_000_000 * second, now=float(second))
    assert rate.speed == pytest.approx(1e6) and rate.seconds_left(29_000_000) == pytest.approx(10)
    for second in range(20, 40):
        rate.add(19_000_000, now=float(second))
    assert rate.speed == 0 and rate.seconds_left(29_000_000) is None
    rate.add(5, now=41.0)
    assert rate.speed == 0, "it began anew"


@given(st.dictionaries(
    st.sampled_from(["Content-Length", "Content-Range", "ETag", "x-goog-hash", "Content-MD5", "Repr-Digest", "Server",
                     "x-amz-checksum-sha256", "Last-Modified"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
), st.sampled_from([200, 206]))  # fmt: skip
def test_whatever_a_server_says_is_understood_or_passed_over(headers: dict[str, str], status: int) -> None:
    message = Message()
    for name, value in headers.items():
        message[name] = value
    answer = Answer(status, message, "example.org")
    assert answer.total >= 0 and answer.start >= -1
    for kind, digest in answer.digests().items():
        assert len(digest) == {"sha256": 64, "md5": 32}[kind] and int(digest, 16) >= 0


def test_vgg19_comes_the_same_way(
    server: LocalServer, tmp_path: Path, latent_studio_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    import torchvision

    from studio.checkpoints.perceptual import load_vgg, perceptual_ready

    torch.manual_seed(1)
    layers = torchvision.models.vgg
    features = layers.make_layers(layers.cfgs["E"])  # without the classifier, seven times as large
    path = tmp_path / "vgg19.pth"
    torch.save({f"features.{key}": value for key, value in features.state_dict().items()}, path)
    server.behaviour.content = path.read_bytes()
    url = f"{server.base}/vgg19-{server.sha256[:8]}.pth"
    weights = SimpleNamespace(IMAGENET1K_V1=SimpleNamespace(url=url))
    monkeypatch.setattr(torchvision.models, "VGG19_Weights", weights)
    server.behaviour.cuts = [30_000_000]
    module = drain(load_vgg("vgg19"))
    assert torch.equal(module.convs["conv2_1"].weight, features[5].weight.detach())
    assert server.ranges_asked() == [None, "bytes=30000000-"]
    assert perceptual_ready("vgg19") and not list((latent_studio_home / "downloads").glob("vgg19*pth"))
