"""The two layouts of PyTorch's files and safetensors, read without their readers: only what a state dict needs.

Since 1.6 a file is a zip archive of a pickle (``data.pkl``) and one member a storage (``data/0``, ...). Before, it was
a row of pickles (a magic number, a version, facts about the machine, the content, the keys of the storages) followed by
the numbers. Tensors inside NVIDIA's pickles are files of the older layout within the file.
"""

from __future__ import annotations

import contextlib
import io
import math
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import torch
from torch import Tensor

from studio.base import Message, StudioError
from studio.checkpoints.info import MAX_FOREIGN_HEADER_BYTES, parse_header
from studio.checkpoints.pickle_machine import Budget, Damaged, Incomplete, LimitedReader, Machine, Refused, Window
from studio.checkpoints.sniff import is_safetensors

MAX_DIRECTORY = 8 * 2**20
"""Bytes of an archive's table of contents: some 100,000 members."""
MAX_MEMBERS = 100_000
MAX_PROGRAM = 256 * 2**20
# pickle.dumps of PyTorch's magic number, which begins files of the older layout.
MAGIC = 0x1950A86A20F9469CFC6C
MAGIC_PICKLE = re.compile(
    rb"\x80[\x02-\x05](?:\x95.{8})?\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19[\x94q\x00]*\.", re.S
)
PROTOCOL = 1001


class TorchScript(Exception):
    """An archive of ``torch.jit``, which holds a program."""


class StorageKind:
    """The name of a storage's kind in a file."""

    __slots__ = ("dtype",)

    def __init__(self, dtype: torch.dtype) -> None:
        self.dtype = dtype


class Storage:
    """Room for numbers of one format, which tensors are parts of. Untouched, it takes no memory."""

    __slots__ = ("data", "dtype")

    def __init__(self, dtype: torch.dtype, size: int) -> None:
        """``size`` in bytes."""
        self.dtype = dtype
        self.data = np.empty(size, np.uint8)

    def __len__(self) -> int:
        return len(self.data) // self.dtype.itemsize

    def flat(self) -> Tensor:
        """All numbers in a row, in the same memory."""
        return torch.from_numpy(self.data).view(self.dtype)


class Waiting:
    """Storages whose numbers are still in the file, by their place in memory."""

    def __init__(self) -> None:
        self._fills: dict[int, tuple[np.ndarray, Callable[[np.ndarray], None]]] = {}

    def add(self, storage: Storage, fill: Callable[[np.ndarray], None]) -> None:
        """``fill`` reads the numbers into the bytes that it is given."""
        if storage.data.size:
            self._fills[storage.data.ctypes.data] = (storage.data, fill)

    def load(self, tensor: Tensor) -> None:
        """Read the numbers of a tensor's storage, unless they are there already."""
        data, fill = self._fills.pop(tensor.untyped_storage().data_ptr(), (None, None))
        if data is not None and fill is not None:
            fill(data)


STORAGES: Mapping[tuple[str, str], object] = {
    ("torch", "FloatStorage"): StorageKind(torch.float32),
    ("torch", "HalfStorage"): StorageKind(torch.float16),
    ("torch", "BFloat16Storage"): StorageKind(torch.bfloat16),
    ("torch", "DoubleStorage"): StorageKind(torch.float64),
    ("torch", "LongStorage"): StorageKind(torch.int64),
    ("torch", "IntStorage"): StorageKind(torch.int32),
    ("torch", "ShortStorage"): StorageKind(torch.int16),
    ("torch", "CharStorage"): StorageKind(torch.int8),
    ("torch", "ByteStorage"): StorageKind(torch.uint8),
    ("torch", "BoolStorage"): StorageKind(torch.bool),
    ("torch.storage", "UntypedStorage"): StorageKind(torch.uint8),
}


def _key(key: object) -> tuple[StorageKind, str, int]:
    """Format, name and number of entries of a storage that the pickle refers to."""
    if not isinstance(key, tuple) or len(key) not in (5, 6) or key[0] != "storage":
        raise Refused("data outside the file")
    _storage, kind, name, _device, count = key[:5]
    if not isinstance(kind, StorageKind) or not isinstance(name, str) or type(count) is not int or count < 0:
        raise Refused("tensor data of an unknown kind")
    if len(key) == 6 and key[5] is not None:
        raise Refused("a part of other tensor data")
    return kind, name, count


# ---- the older layout


def is_old_layout(start: bytes) -> bool:
    """Return whether ``start`` begins a file of PyTorch before 1.6."""
    return MAGIC_PICKLE.match(start) is not None


def read_old_layout(
    file: LimitedReader, known: Mapping[tuple[str, str], object], budget: Budget, waiting: Waiting
) -> object:
    """The content of a file before 1.6, read from its position; the numbers of its tensors wait."""
    storages: dict[str, Storage] = {}
    left = file.size

    def find(key: object) -> Storage:
        nonlocal left
        kind, name, count = _key(key)
        if name not in storages:
            needed = count * kind.dtype.itemsize
            left -= needed
            if left < 0:
                raise Incomplete
            storages[name] = Storage(kind.dtype, needed)
        found = storages[name]
        if found.dtype != kind.dtype or len(found) != count:
            raise Refused("tensor data of two kinds")
        return found

    if Machine(file, {}, budget).run() != MAGIC or Machine(file, {}, budget).run() != PROTOCOL:
        raise Damaged("it is no file of PyTorch")
    machine = Machine(file, {}, budget).run()
    if not isinstance(machine, dict) or machine.get("little_endian") is not True:
        raise Damaged("it was written by another kind of computer")
    content = Machine(file, known, budget, find).run()
    names = Machine(file, {}, budget).run()
    if not isinstance(names, list) or set(map(str, names)) != set(storages) or len(names) != len(storages):
        raise Damaged("its tensor data are not those it lists")
    for name in names:
        storage = storages[name]
        if int.from_bytes(file.read(8), "little") != len(storage):
            raise Damaged("its tensor data are of another size than it says")
        waiting.add(storage, file.later(storage.data.size).fill)
    return content


# ---- the archive


def read_archive(
    file: LimitedReader,
    known: Mapping[tuple[str, str], object],
    budget: Budget,
    waiting: Waiting,
    *,
    script: bool = False,
) -> object:
    """The content of a file since 1.6; the numbers of its tensors wait.

    ``script``: one of ``torch.jit`` will do, too; its code is passed over.
    """
    with _archive_errors():
        file.limit = MAX_DIRECTORY
        archive = zipfile.ZipFile(file)
        file.limit = file.size
        members = _members(archive, file.size, script=script)
        return _read_members(archive, members, known, budget, waiting)


@contextlib.contextmanager
def _archive_errors() -> Iterator[None]:
    try:
        yield
    except zipfile.BadZipFile as error:
        # Without the table of contents at its end a file was cut.
        raise (Incomplete() if "not a zip file" in str(error) else Damaged(str(error)[:100])) from error
    except (NotImplementedError, EOFError, ValueError, RuntimeError, OverflowError) as error:
        raise Damaged(f"its archive is damaged ({error})"[:200]) from error


def _members(archive: zipfile.ZipFile, size: int, *, script: bool) -> dict[str, zipfile.ZipInfo]:
    """The members by name, when each is what it says and where it says."""
    infos = archive.infolist()
    if script:
        infos = [info for info in infos if "/code/" not in f"/{info.filename}"]
    members = {info.filename: info for info in infos}
    if len(infos) > MAX_MEMBERS:
        raise Refused("an archive of too many members")
    programs = [name for name in members if posixpath.basename(name) == "data.pkl"]
    if not programs:
        raise _no_network([name for name in members if not name.endswith("/")])
    roots = {posixpath.dirname(name) for name in programs}
    if not script and (
        any(f"{root}/{name}".lstrip("/") in members for root in roots for name in ("constants.pkl", "code"))
        or any("/code/" in f"/{name}" for name in members)
    ):
        raise TorchScript
    if len(programs) > 1 or len(members) < len(infos):
        raise Refused("two members of the same name")
    if any(name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") for name in members):
        raise Refused("a member that wants to lie in another folder")
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("an encrypted member")
    # PyTorch's files hold their members as they are: compression can only be a bomb.
    if any(info.compress_type != zipfile.ZIP_STORED for info in infos):
        raise Refused("a compressed archive")
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.file_size != info.compress_size or info.header_offset < end:
            raise Refused("members of an archive that overlap or are of another size than they say")
        end = info.header_offset + 30 + len(info.filename.encode()) + info.file_size
    if end > size:
        raise Refused("an archive that declares more than it holds")
    return members


def _no_network(names: list[str]) -> Exception:
    """Reason to refuse an archive without PyTorch's pickle."""
    models = [name for name in names if name.lower().endswith((".pkl", ".pt", ".pth", ".safetensors"))]
    if any(name.endswith(".npy") for name in names):
        return StudioError("This zip archive holds arrays of numpy, not a network.", "Choose the network itself.")
    return StudioError(
        Message("This is a zip archive, not a file of PyTorch (it has {inside}).", inside=models[0][:100])
        if models
        else Message("This is a zip archive, not a file of PyTorch."),
        "Unpack it, then choose the model file in it.",
    )


def _read_members(
    archive: zipfile.ZipFile,
    members: Mapping[str, zipfile.ZipInfo],
    known: Mapping[tuple[str, str], object],
    budget: Budget,
    waiting: Waiting,
) -> object:
    program = next(name for name in members if posixpath.basename(name) == "data.pkl")
    root = program.removesuffix("data.pkl")
    if (order := members.get(f"{root}byteorder")) is not None and (
        order.file_size > 16 or archive.read(order) != b"little"
    ):
        raise Damaged("it was written by another kind of computer")
    storages: dict[str, Storage] = {}

    def find(key: object) -> Storage:
        kind, name, count = _key(key)
        if name not in storages:
            member = members.get(f"{root}data/{name}")
            if member is None:
                raise Damaged(f"its tensor data {name[:40]} are missing")
            if member.file_size != count * kind.dtype.itemsize:
                raise Damaged("its tensor data are of another size than it says")
            storages[name] = Storage(kind.dtype, member.file_size)
            waiting.add(storages[name], partial(_fill, archive, member))
        found = storages[name]
        if found.dtype != kind.dtype or len(found) != count:
            raise Refused("tensor data of two kinds")
        return found

    if members[program].file_size > MAX_PROGRAM:
        raise Refused("a pickle of an odd size")
    content = archive.read(program)
    return Machine(LimitedReader(in_memory(content)), known, budget, find).run()


def _fill(archive: zipfile.ZipFile, member: zipfile.ZipInfo, data: np.ndarray) -> None:
    """Read all of ``data``, in pieces, so that no second copy lies in memory."""
    place = 0
    with _archive_errors(), archive.open(member) as stream:
        while place < len(data):
            piece = stream.read(min(2**20, len(data) - place))
            if not piece:
                raise Incomplete
            data[place : place + len(piece)] = np.frombuffer(piece, np.uint8)
            place += len(piece)
        stream.read(1)  # the end, where the checksum is compared


def in_memory(data: bytes | bytearray) -> Window:
    """Bytes as a file."""
    return Window(io.BytesIO(data), 0, len(data))


def read_layout(
    file: LimitedReader,
    known: Mapping[tuple[str, str], object],
    budget: Budget,
    waiting: Waiting,
    *,
    script: bool = False,
) -> object:
    """The content of a file in either of PyTorch's layouts, of safetensors, or of a bare pickle."""
    start = file.peek(64)[:64]
    if start[:2] == b"PK":
        return read_archive(file, known, budget, waiting, script=script)
    if is_safetensors(start):
        return read_safetensors(file, waiting)
    if is_old_layout(start):
        return read_old_layout(file, known, budget, waiting)
    return Machine(file, known, budget).run()


_FORMATS = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64,
    "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}  # fmt: skip


def read_safetensors(file: LimitedReader, waiting: Waiting) -> dict[str, Tensor]:
    """The tensors of a safetensors file of another program by their names; their numbers wait."""
    length = int.from_bytes(file.read(8), "little")
    if length > MAX_FOREIGN_HEADER_BYTES:
        raise Refused("a table of contents of an odd size")
    try:
        header = parse_header(file.read(length))
        header.pop("__metadata__", None)
        begin, left, tensors = 8 + length, file.size, {}
        for name, entry in header.items():
            kind, shape, (first, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
            if not all(type(n) is int and n >= 0 for n in (*shape, first, end)) or len(shape) > 8 or end < first:
                raise ValueError("a damaged entry")
            dtype = _FORMATS.get(kind)
            if dtype is None:
                raise Refused(f"numbers of the format {str(kind)[:20]}")
            if math.prod(shape) * dtype.itemsize != end - first:
                raise ValueError("data of another size than the header says")
            left -= end - first
            if left < 0:
                raise Refused("tensors that share their numbers")
            part = file.window.part(begin + first, end - first)
            storage = Storage(dtype, end - first)
            waiting.add(storage, part.fill)
            tensors[name] = storage.flat().reshape(shape)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise Damaged("its table of contents is damaged") from error
    return tensors


def storage_from_bytes(data: object, budget: Budget, waiting: Waiting) -> Storage:
    """The storage in a file within a file (``torch.storage._load_from_bytes``)."""
    if isinstance(data, bytes | bytearray):
        data = in_memory(data)
    if not isinstance(data, Window):
        raise Refused("tensor data that are no bytes")
    # Nothing may be called in there: the machine names what the file wants.
    content = read_layout(LimitedReader(data.part(0, len(data))), STORAGES, budget, waiting)
    if not isinstance(content, Storage):
        raise Refused("tensor data of an unknown kind")
    return content
