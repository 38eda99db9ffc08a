"""Reading other programs' pickles as data. Nothing in a file is ever run.

A pickle is a program for a small machine that may name any Python function and call it. Here it may name a short list
of harmless things only; everything else is refused by name. Code that a file carries (NVIDIA's networks bring their own
source) is skipped as text. PyTorch's own files are pickles too, with the numbers beside them in an archive or behind
them in the file; they are read by the same machine (see :mod:`studio.checkpoints.torch_files`).
"""

from __future__ import annotations

import contextlib
import math
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from studio.base import Message, StudioError
from studio.checkpoints.pickle_machine import (
    MAX_INSTRUCTIONS,
    Attributes,
    Budget,
    Damaged,
    Incomplete,
    Inert,
    Known,
    LimitedReader,
    Refused,
    Unknown,
    Window,
)
from studio.checkpoints.sniff import HEAD, OTHER, printable, refuse_other_files, text_of
from studio.checkpoints.torch_files import (
    STORAGES,
    Storage,
    TorchScript,
    Waiting,
    read_layout,
    storage_from_bytes,
)

__all__ = [
    "Attributes", "Network", "Numbers", "OpenPickle", "Refused", "TensorFlowNetwork", "open_pickle", "read_pickle",
]  # fmt: skip

MAX_BYTES = 4 * 2**30
MAX_DEPTH = 100
MAX_CONTAINERS = 300_000
STATE_DICT = Message("Ask its author for the network's weights (a state dict) and choose that file.")
AGAIN = Message("Get the file again from where it came.")
# Where the objects are looked for that a hostile file wants to use; objects of other places are parts of programs.
_SYSTEM = frozenset(
    {"os", "posix", "nt", "subprocess", "builtins", "__builtin__", "sys", "shutil", "socket", "importlib", "runpy"}
    | {"ctypes", "pty", "code", "operator", "functools", "urllib", "http", "webbrowser", "pathlib", "pickle", "timeit"}
)


class Network(dict[str, Any], Inert):
    """A network of NVIDIA's: class name and attributes (``_parameters``, ``_buffers``, ``_modules``, settings)."""

    __slots__ = ("class_name",)

    def __init__(self, meta: object = None) -> None:
        super().__init__()
        if not isinstance(meta, dict) or not isinstance(meta.get("state"), dict):
            raise Refused("a network without attributes")
        self.update(meta["state"])
        self.class_name = str(meta.get("class_name", ""))[:100]
        for kind in ("_parameters", "_buffers", "_modules"):
            if not isinstance(self.get(kind, {}), dict):
                raise Refused("a network whose layers are no layers")
        for value in self.get("_parameters", {}).values():
            if isinstance(value, Tensor) and not value.is_floating_point():
                raise Refused("a network whose weights are whole numbers")


class TensorFlowNetwork(dict[str, Any], Inert):
    """``dnnlib.tflib.network.Network`` (and ``tfutil.Network`` before): ``name``, ``static_kwargs``, ``variables``."""

    __slots__ = ()

    def take_state(self, state: object) -> None:
        """The attributes, given once."""
        if self or not isinstance(state, dict):
            raise Refused("a damaged TensorFlow network")
        self.update(state)


class Numbers(Inert):
    """A numpy array, which is read from the file each time it is asked for."""

    __slots__ = ("_data", "_dtype", "_order", "_shape")

    def __init__(self, *_shape: object) -> None:
        self._data: bytes | Window | None = None

    @property
    def nbytes(self) -> int:
        """Its size."""
        return len(self._data) if self._data is not None else 0

    @property
    def array(self) -> np.ndarray | None:
        """None when its kind and numbers never came."""
        if self._data is None:
            return None
        data = self._data if isinstance(self._data, bytes) else self._data.content()
        array = np.frombuffer(data, self._dtype).reshape(self._shape, order=self._order)
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))

    def tensor(self, waiting: Waiting) -> Tensor | None:
        """The array as a tensor whose numbers wait; None when it holds none that tensors have."""
        if self._data is None or self._dtype.kind not in "fiu" or not self._dtype.isnative:
            return None
        try:
            kind = torch.from_numpy(np.empty(0, self._dtype)).dtype
        except TypeError:
            return None
        storage = Storage(kind, len(self._data))
        waiting.add(storage, self._copy_to)
        turned = self._shape if self._order == "C" else self._shape[::-1]
        values = storage.flat().reshape(turned)
        return values if self._order == "C" else values.permute(*range(len(turned))[::-1])

    def _copy_to(self, room: np.ndarray) -> None:
        if isinstance(self._data, Window):
            self._data.fill(room)
        elif self._data is not None:
            room[:] = np.frombuffer(self._data, np.uint8)

    def take_state(self, state: object) -> None:
        """numpy's: version, shape, number format, order of the dimensions, bytes."""
        if self._data is not None or not isinstance(state, tuple) or len(state) != 5:
            raise Refused("a damaged array")
        _version, shape, kind, fortran, data = state
        self._fill(data, kind, shape, "F" if fortran else "C")

    def _fill(self, data: object, kind: object, shape: object, order: object) -> None:
        if not isinstance(kind, Kind) or not isinstance(data, bytes | bytearray | Window):
            raise Refused("an array that holds no numbers")
        if not isinstance(shape, tuple) or len(shape) > 8 or any(type(n) is not int or n < 0 for n in shape):
            raise Refused("a damaged array")
        if not len(data) or math.prod(shape) * kind.dtype.itemsize != len(data):
            raise Refused("a damaged array")
        self._data = bytes(data) if isinstance(data, bytearray) else data
        self._dtype, self._shape = kind.dtype, shape
        self._order: Literal["C", "F"] = "F" if order == "F" else "C"

    def keep(self) -> None:
        """Read it now, for use when the file is closed."""
        if isinstance(self._data, Window):
            self._data = self._data.content()


class Kind(Inert):
    """A numpy number format; byte order and alignment follow as state."""

    __slots__ = ("dtype",)

    def __init__(self, name: object, *_rest: object) -> None:
        if not isinstance(name, str) or not re.fullmatch(r"[<>|=]?([fiu][248]|[iub]1)", name):
            raise Refused("an array that holds no numbers")
        self.dtype = np.dtype(name)

    def take_state(self, state: object) -> None:
        """numpy's: version, byte order, and what only structured formats have."""
        if isinstance(state, tuple) and len(state) > 1 and state[1] == ">":
            self.dtype = self.dtype.newbyteorder(">")


def _scalar(kind: object, data: object) -> int | float | bool:
    if not isinstance(kind, Kind) or not isinstance(data, bytes) or len(data) != kind.dtype.itemsize:
        raise Refused("a damaged number")
    value: int | float | bool = np.frombuffer(data, kind.dtype)[0].item()
    return value


def _from_buffer(data: object, kind: object, shape: object, order: object = "C") -> Numbers:
    """Form of numpy's arrays in pickles of protocol 5."""
    numbers = Numbers()
    numbers._fill(data, kind, shape, order)
    return numbers


def _encoded(text: object, encoding: object = "latin1") -> bytes:
    """Form of Python 3's bytes in pickles of protocol 2."""
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise Refused("bytes in an odd encoding")
    try:
        return text.encode("latin1")
    except UnicodeEncodeError as error:
        raise Refused("bytes in an odd encoding") from error


def _tensor(storage: object, offset: object, size: object, stride: object, *_rest: object) -> Tensor:
    if not isinstance(storage, Storage) or not isinstance(size, tuple) or not isinstance(stride, tuple):
        raise Refused("a damaged tensor")
    whole = (offset, *size, *stride)
    if len(size) != len(stride) or len(size) > 8 or any(type(n) is not int or not 0 <= n <= MAX_BYTES for n in whole):
        raise Refused("a damaged tensor")
    assert isinstance(offset, int)
    last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    count = int(np.prod([1, *size], dtype=object))
    held = len(storage)
    # Strides of 0 would make a large tensor of few numbers.
    if count > held or (count and last >= held):
        raise Refused("a tensor that is larger than its data")
    if not count:
        return torch.zeros(size if max(size) <= 2**20 else (0,), dtype=storage.dtype)
    return storage.flat().as_strided(size, stride, offset)


def _parameter(tensor: object, *_rest: object) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise Refused("a parameter that is no tensor")
    return tensor


def _with_notes(function: object, _kind: object, arguments: object, _notes: object = None) -> Tensor:
    """A tensor to which a program has given attributes of its own, which are passed over."""
    if not isinstance(function, Known) or function.call is not _tensor or not isinstance(arguments, tuple):
        raise Refused("a tensor of an unknown kind")
    if not 4 <= len(arguments) <= 8:
        raise Refused("a damaged tensor")
    return _tensor(*arguments)


def _entries(items: object = ()) -> OrderedDict[Any, Any]:
    """An ordered dictionary; Python 2 gave its entries as a list of pairs."""
    made: OrderedDict[Any, Any] = OrderedDict()
    if not isinstance(items, list | tuple):
        raise Refused("a dictionary that is damaged")
    for pair in items:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not isinstance(pair[0], str | int):
            raise Refused("a dictionary whose keys are no texts or numbers")
        made[pair[0]] = pair[1]
    return made


def _set(items: object = ()) -> set[Any]:
    if not isinstance(items, list | tuple) or not all(isinstance(item, str | int | float | None) for item in items):
        raise Refused("a set of something else than texts and numbers")
    return set(items)


def _counts(items: object = ()) -> dict[Any, Any]:
    """A ``collections.Counter``."""
    if not isinstance(items, dict | tuple):
        raise Refused("a dictionary that is damaged")
    return dict(items)


def _path(*parts: object) -> str:
    """A ``pathlib.Path``, as text."""
    return "/".join(str(part)[:1000] for part in parts if isinstance(part, str))


def _device(*_name: object) -> str:
    return "cpu"


def _size(items: object = ()) -> tuple[Any, ...]:
    """A ``torch.Size``."""
    return tuple(items) if isinstance(items, list | tuple) else ()


KNOWN: Mapping[tuple[str, str], object] = {
    ("torch_utils.persistence", "_reconstruct_persistent_obj"): Known(Network),
    ("dnnlib.tflib.network", "Network"): Known(TensorFlowNetwork),
    ("tfutil", "Network"): Known(TensorFlowNetwork),
    ("network", "Network"): Known(TensorFlowNetwork),
    ("dnnlib.util", "EasyDict"): Known(Attributes),
    ("dnnlib", "EasyDict"): Known(Attributes),
    ("argparse", "Namespace"): Known(Attributes),
    ("collections", "OrderedDict"): Known(_entries),
    ("collections", "Counter"): Known(_counts),
    ("builtins", "set"): Known(_set),
    ("__builtin__", "set"): Known(_set),
    ("_codecs", "encode"): Known(_encoded),
    ("pathlib", "Path"): Known(_path),
    ("pathlib", "PosixPath"): Known(_path),
    ("pathlib", "WindowsPath"): Known(_path),
    ("torch._utils", "_rebuild_tensor"): Known(_tensor),
    ("torch._utils", "_rebuild_tensor_v2"): Known(_tensor),
    ("torch._utils", "_rebuild_parameter"): Known(_parameter),
    ("torch._utils", "_rebuild_parameter_with_state"): Known(_parameter),
    ("torch._tensor", "_rebuild_from_type_v2"): Known(_with_notes),
    ("torch", "Tensor"): "torch.Tensor",
    ("torch.nn.parameter", "Parameter"): "torch.nn.Parameter",
    ("torch", "device"): Known(_device),
    ("torch", "Size"): Known(_size),
    ("numpy", "dtype"): Known(Kind),
    ("numpy", "ndarray"): Known(Numbers),
    **{
        (f"numpy.{core}.{module}", name): Known(function)
        for core in ("core", "_core")
        for module, name, function in (
            ("multiarray", "_reconstruct", Numbers),
            ("multiarray", "scalar", _scalar),
            ("numeric", "_frombuffer", _from_buffer),
        )
    },
    **STORAGES,
    # Number formats among the attributes of networks, as texts.
    **{
        ("torch", name): f"torch.{name}"
        for name in (
            "float16", "float32", "float64", "bfloat16", "uint8", "int8", "int16", "int32", "int64", "bool",
            "contiguous_format", "channels_last", "preserve_format",
        )
    },
}  # fmt: skip


class _ScriptNames(dict[tuple[str, str], object]):
    """:data:`KNOWN` and the classes of a TorchScript file, whose objects become their attributes."""

    def __missing__(self, key: tuple[str, str]) -> object:
        if key[0] == "__torch__" or key[0].startswith("__torch__."):
            return Known(Attributes)
        if key[0] == "torch.jit._pickle":  # lists of numbers, which no weight is in
            return Known(lambda *_items: ())
        raise KeyError(key)


WALKED = (Tensor, Numbers, dict, list, tuple, set)


def _check_content(content: object, size: int) -> None:
    """Refuse structures that are small in the file and endless when walked through, and shared numbers alike."""
    waiting = [(content, 0)]
    containers, entries, numbers = 0, 0, 0
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, Tensor):
            numbers += value.numel() * value.element_size()
        elif isinstance(value, Numbers):
            numbers += value.nbytes
        elif isinstance(value, dict | list | tuple | set):
            containers += 1
            entries += len(value)
            inside = value.values() if isinstance(value, dict) else value
            waiting += [(inner, depth + 1) for inner in inside if isinstance(inner, WALKED)]
        if depth > MAX_DEPTH:
            raise Refused("a structure that is nested too deeply")
        if containers > MAX_CONTAINERS or entries > 2 * MAX_INSTRUCTIONS:
            raise Refused("a structure that repeats itself")
        # The same network stands in some files under two names.
        if numbers > 4 * size + 2**20:
            raise Refused("the same numbers again and again")


class OpenPickle:
    """A file's content, the numbers of its tensors and arrays still in the file."""

    def __init__(self, path: Path, head: bytes, file: LimitedReader, *, script: bool = False) -> None:
        """Use :func:`open_pickle`."""
        self._path, self._head = path, head
        self._waiting = Waiting()
        budget = Budget(file.size)
        # The numbers of a tensor can be a file within the file, which counts with it.
        known = {
            **KNOWN,
            ("torch.storage", "_load_from_bytes"): Known(lambda data: storage_from_bytes(data, budget, self._waiting)),
        }
        names = _ScriptNames(known) if script else known
        self.content: Any = read_layout(file, names, budget, self._waiting, script=script)
        _check_content(self.content, file.size)
        self.content = _with_tensors(self.content, self._waiting)

    def load(self, part: object) -> None:
        """Read the numbers of all tensors in ``part`` of the content; they are zeros or noise before.

        Raises
        ------
        StudioError
            When the file is damaged there, or there is not enough memory.
        """
        with _problems(self._path, self._head):
            for value in _walk(part):
                if isinstance(value, Tensor):
                    self._waiting.load(value)
                elif isinstance(value, Numbers):
                    value.keep()


def _with_tensors(content: Any, waiting: Waiting) -> Any:
    """``content`` with its arrays as tensors, in all dictionaries and lists that are no attributes of a network."""
    made: dict[int, Any] = {}

    def turned(value: Any) -> Any:
        if isinstance(value, Numbers):
            tensor = value.tensor(waiting)
            return value if tensor is None else tensor
        if type(value) not in (dict, OrderedDict, list):
            return value
        if id(value) not in made:
            made[id(value)] = value
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                value[key] = turned(inner)
        return value

    return turned(content)


def _walk(part: object) -> Iterator[object]:
    """All values in ``part``, which was checked to be finite."""
    waiting = [part]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list | tuple | set):
            waiting += value


@contextlib.contextmanager
def open_pickle(path: Path, *, script: bool = False) -> Iterator[OpenPickle]:
    """Open a pickle, a file of PyTorch or safetensors as data: dictionaries, lists, numbers, texts, tensors, networks.

    Networks of NVIDIA's are :class:`Network` or :class:`TensorFlowNetwork`, tensors lie on the CPU, numpy arrays are
    tensors in plain dictionaries and lists, elsewhere :class:`Numbers`. A file holds several networks and often the
    state of their training: what is not loaded takes no memory.

    Parameters
    ----------
    script : a file of ``torch.jit`` will do, too: its modules are :class:`Attributes`, its code is not looked at.

    Raises
    ------
    StudioError
        When the file is missing, too large, damaged, of another kind, or asks for anything that is not on the list.
        Nothing in it has been run then, and nothing written.
    """
    name = path.name
    head = refuse_other_files(path, other=OTHER)
    with contextlib.ExitStack() as stack:
        with _problems(path, head):
            size = path.stat().st_size
            if size > MAX_BYTES:
                raise StudioError(Message("{name} is too large to be a network.", name=name), OTHER)
            raw = stack.enter_context(path.open("rb", buffering=0))
            opened = OpenPickle(path, head, LimitedReader(Window(raw, 0, size)), script=script)
        yield opened


def read_pickle(path: Path) -> Any:
    """The content of a file with all its numbers; see :func:`open_pickle`."""
    with open_pickle(path) as opened:
        opened.load(opened.content)
        return opened.content


def _text_file(name: str, text: str) -> StudioError:
    return StudioError(
        Message("{name} is a text file, not a network. It begins with “{text}”.", name=name, text=text), OTHER
    )


@contextlib.contextmanager
def _problems(path: Path, head: bytes) -> Iterator[None]:
    """Whatever goes wrong while a file is read becomes a message."""
    name = path.name
    try:
        yield
    except StudioError:
        raise
    except TorchScript as problem:
        raise StudioError(
            Message("{name} is a TorchScript program: it holds code, which is never run here.", name=name),
            STATE_DICT,
        ) from problem
    except Refused as problem:
        text = text_of(head)
        if text and len(head) < HEAD and not head.rstrip().endswith(b"."):  # the end of every pickle
            raise _text_file(name, text) from problem
        found = printable(str(problem))
        raise StudioError(
            Message("{name} is not opened: it contains {found}. Nothing in it was run.", name=name, found=found),
            STATE_DICT if isinstance(problem, Unknown) and problem.module not in _SYSTEM else OTHER,
        ) from problem
    except OSError as error:
        raise StudioError(
            Message("Cannot read {path}: {reason}.", path=path, reason=error.strerror or error),
            "Check that the file exists.",
        ) from error
    except MemoryError as error:
        raise StudioError(
            Message("There is not enough memory to open {name}.", name=name), "Close other programs and try again."
        ) from error
    except Exception as error:  # a hostile file can fail in any way
        if (text := text_of(head)) and head[:1] not in b"(":
            raise _text_file(name, text) from error
        if isinstance(error, Incomplete):
            raise StudioError(
                Message("{name} ends too early: the download or copy did not finish.", name=name),
                "Get the file again from where it came.",
            ) from error
        said = printable(str(error)) if isinstance(error, Damaged) else "its bytes are mixed up"
        raise StudioError(
            Message("{name} is damaged or no network: {reason}.", name=name, reason=said), AGAIN
        ) from error
