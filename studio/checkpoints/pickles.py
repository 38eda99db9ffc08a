"""Reading other programs' pickles as data. Nothing in a file is ever run.

A pickle is a program for a small machine that may name any Python function and call it. Here it may name a short list
of harmless things only; everything else is refused by name. Code that a file carries (NVIDIA's networks bring their own
source) is skipped as text. Before anything is built, the whole program is looked through for instructions that no
network needs and for numbers that would take memory the file does not account for.
"""

from __future__ import annotations

import io
import pickle
import pickletools
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NoReturn

import numpy as np
import torch

from studio.base import StudioError

MAX_BYTES = 4 * 2**30
MAX_INSTRUCTIONS = 20_000_000
# Code objects, old-style instances, a registry of the reading process, and objects kept outside the file.
REFUSED = frozenset({"EXT1", "EXT2", "EXT4", "INST", "OBJ", "PERSID", "BINPERSID", "NEXT_BUFFER", "READONLY_BUFFER"})
AGAIN = "Get the file again from where it came."
OTHER = "Choose a network of StyleGAN2-ADA (.pkl), of rosinality's StyleGAN2 (.pt), or of Latent Studio (.safetensors)."


class Refused(Exception):
    """Something in the file that is not read."""


class Attributes(dict[str, Any]):
    """A dictionary that was an object: NVIDIA's ``EasyDict``, an ``argparse.Namespace``."""

    def __setstate__(self, state: object) -> None:
        if isinstance(state, dict):
            self.update(state)


class Network(dict[str, Any]):
    """A network of NVIDIA's: class name and attributes (``_parameters``, ``_buffers``, ``_modules``, settings)."""

    def __init__(self, meta: object = None) -> None:
        super().__init__()
        if not isinstance(meta, dict) or not isinstance(meta.get("state"), dict):
            raise Refused("a network without attributes")
        self.update(meta["state"])
        self.class_name = str(meta.get("class_name", ""))[:100]

    def __setstate__(self, state: object) -> NoReturn:
        raise Refused("a network that is changed after it was made")


class Numbers:
    """A numpy array, filled by ``__setstate__`` when its kind and size add up."""

    def __init__(self, *_shape: object) -> None:
        self.array: np.ndarray | None = None

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) != 5:
            raise Refused("a damaged array")
        _version, shape, kind, fortran, data = state
        if not isinstance(kind, Kind) or not isinstance(data, bytes):
            raise Refused("an array that holds no numbers")
        try:
            self.array = np.frombuffer(data, kind.dtype).reshape(shape, order="F" if fortran else "C")
        except (TypeError, ValueError) as error:
            raise Refused("a damaged array") from error


class Kind:
    """A numpy number format; byte order and alignment follow as state."""

    def __init__(self, name: object, *_rest: object) -> None:
        if not isinstance(name, str) or name.lstrip("<>|=")[:1] not in ("f", "i", "u", "b"):
            raise Refused("an array that holds no numbers")
        self.dtype = np.dtype(name)

    def __setstate__(self, state: object) -> None:
        if isinstance(state, tuple) and len(state) > 1 and state[1] == ">":
            self.dtype = self.dtype.newbyteorder(">")


def _scalar(kind: object, data: object) -> int | float | bool:
    if not isinstance(kind, Kind) or not isinstance(data, bytes) or len(data) != kind.dtype.itemsize:
        raise Refused("a damaged number")
    value: int | float | bool = np.frombuffer(data, kind.dtype)[0].item()
    return value


def _storage(data: object) -> Any:
    """The numbers of a tensor: an inner file, read by PyTorch's own restricted reader."""
    if not isinstance(data, bytes):
        raise Refused("tensor data that are no bytes")
    if data[:2] == b"PK":
        _check_zip(io.BytesIO(data), len(data))
    else:
        # PyTorch's old layout: three small pickles, one for the storage, one of its keys, then the raw numbers.
        inner = io.BytesIO(data)
        for _ in range(5):
            _check_program(inner, len(data), inner=True)
    try:
        storage = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file can fail in any way
        raise Refused("damaged tensor data") from error
    if not isinstance(storage, torch.storage.TypedStorage | torch.UntypedStorage):
        raise Refused("tensor data of an unknown kind")
    return storage


def _tensor(storage: object, offset: object, size: object, stride: object, *_rest: object) -> torch.Tensor:
    if (
        not isinstance(storage, torch.storage.TypedStorage)
        or not isinstance(size, tuple)
        or not isinstance(stride, tuple)
    ):
        raise Refused("a damaged tensor")
    whole = (offset, *size, *stride)
    if len(size) != len(stride) or any(type(n) is not int or not 0 <= n <= MAX_BYTES for n in whole):
        raise Refused("a damaged tensor")
    assert isinstance(offset, int)
    last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    count = int(np.prod([1, *size], dtype=object))
    untyped = storage._untyped_storage
    held = untyped.nbytes() // storage.dtype.itemsize
    # Strides of 0 would make a large tensor of few numbers.
    if count > held or (count and last >= held):
        raise Refused("a tensor that is larger than its data")
    flat = torch.tensor([], dtype=storage.dtype).set_(untyped)  # type: ignore[call-overload]
    return flat.as_strided(size, stride, offset)


def _parameter(tensor: object, *_rest: object) -> torch.Tensor:
    if not isinstance(tensor, torch.Tensor):
        raise Refused("a parameter that is no tensor")
    return tensor


def _array(*shape: object) -> Numbers:
    return Numbers(*shape)


def _device(*_name: object) -> str:
    return "cpu"


KNOWN: dict[tuple[str, str], Callable[..., Any]] = {
    ("torch_utils.persistence", "_reconstruct_persistent_obj"): Network,
    ("dnnlib.util", "EasyDict"): Attributes,
    ("argparse", "Namespace"): Attributes,
    ("collections", "OrderedDict"): OrderedDict,
    ("builtins", "set"): set,
    ("__builtin__", "set"): set,
    ("torch.storage", "_load_from_bytes"): _storage,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch._utils", "_rebuild_parameter"): _parameter,
    ("torch", "device"): _device,
    ("numpy", "dtype"): Kind,
    ("numpy", "ndarray"): Numbers,
    ("numpy.core.multiarray", "_reconstruct"): _array,
    ("numpy._core.multiarray", "_reconstruct"): _array,
    ("numpy.core.multiarray", "scalar"): _scalar,
    ("numpy._core.multiarray", "scalar"): _scalar,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return KNOWN[module, name]
        except KeyError:
            raise Refused(f"{module}.{name}"[:200]) from None

    def persistent_load(self, _key: object) -> NoReturn:
        raise Refused("data outside the file")


def _check_program(file: IO[bytes], size: int, *, inner: bool = False) -> None:
    """Look through one pickle from the file's position and leave the position behind it.

    ``inner`` pickles are those of PyTorch, which refer to their numbers by key.
    """
    count = 0
    try:
        for operation, argument, _position in pickletools.genops(file):
            count += 1
            name = operation.name
            if name in REFUSED and not (inner and name == "BINPERSID"):
                raise Refused(f"the instruction {name}")
            # A memory cell's number makes the reader set aside room for as many.
            if name in ("PUT", "BINPUT", "LONG_BINPUT") and int(argument or 0) > count:
                raise Refused("a memory cell that is out of order")
            if name == "FRAME" and int(argument or 0) > size:
                raise Refused("a frame that is larger than the file")
            if count > MAX_INSTRUCTIONS:
                raise Refused("too many instructions")
    except Refused:
        raise
    except Exception as error:  # the standard library's own checks: truncated, unknown instruction, damaged text
        raise Refused(f"no whole pickle ({error})"[:200]) from error


def _check_zip(file: IO[bytes], size: int) -> None:
    """PyTorch's files hold their members as they are: compression can only be a bomb."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > 100_000 or any(member.compress_type != zipfile.ZIP_STORED for member in members):
                raise Refused("a compressed archive")
            if sum(member.file_size for member in members) > size:
                raise Refused("an archive that declares more than it holds")
            for member in members:
                if member.filename.endswith("data.pkl"):
                    _check_program(io.BytesIO(archive.read(member)), size, inner=True)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Refused(f"a damaged archive ({error})"[:200]) from error


def read_pickle(path: Path) -> Any:
    """Read a ``.pkl``, ``.pt`` or ``.pth`` file as data: dictionaries, lists, numbers, texts, tensors, networks.

    Returns
    -------
    What the file holds; networks of NVIDIA's as :class:`Network`, tensors on the CPU.

    Raises
    ------
    StudioError
        When the file is missing, too large, damaged, or asks for anything that is not on the list. Nothing in it has
        been run then, and nothing written.
    """
    name = path.name
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise StudioError(f"{name} is too large to be a network.", OTHER)
        with path.open("rb") as file:
            if file.read(2) == b"PK":
                _check_zip(file, size)
                file.seek(0)
                return torch.load(file, map_location="cpu", weights_only=True)
            file.seek(0)
            _check_program(file, size)
            file.seek(0)
            return _Reader(file, encoding="latin1").load()
    except StudioError:
        raise
    except Refused as problem:
        raise StudioError(f"{name} is not opened: it contains {problem}. Nothing in it was run.", OTHER) from problem
    except OSError as error:
        raise StudioError(f"Cannot read {path}: {error.strerror or error}.", "Check that the file exists.") from error
    except MemoryError as error:
        raise StudioError(
            f"There is not enough memory to open {name}.", "Close other programs and try again."
        ) from error
    except Exception as error:  # a hostile file can fail in any way
        said = str(error).split("\n", 1)[0][:200]
        raise StudioError(f"{name} is damaged or no network: {said}", AGAIN) from error
