"""The small machine that pickles are programs for, without the parts that reach outside a file.

A pickle may name any Python function and call it. Here a name stands for something on a given list or is refused, only
listed functions are called, only our own inert classes take a state, and keys of dictionaries are texts and numbers.
Every step and every copy is counted, so that a small file cannot keep the machine busy or fill the memory.
"""

from __future__ import annotations

import errno
import io
import pickle
import pickletools
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

MAX_INSTRUCTIONS = 1_000_000
"""A network of a thousand layers with its training state takes a tenth of this."""
LATER = 2**16
"""Bytes as long as this or longer stay in the file until they are wanted: most networks of a file never are."""
MAX_REMEMBERED = 2**20
"""Longer texts and bytes cannot be used a second time. PyTorch and numpy never do, and so they can be freed at once."""
MAX_PROTOCOL = 5
CALL_COST = 5
"""Steps that a call counts as: what it makes is larger than a number or a text."""


class Refused(Exception):
    """Something in the file that is not read."""


class Unknown(Refused):
    """An object of a program that is not on the list of what may be read."""

    def __init__(self, module: str, name: str) -> None:
        super().__init__(f"{module}.{name}")
        self.module = module.split(".")[0]


class Damaged(Exception):
    """The file is no file of the kind it seems to be, or its bytes are mixed up."""


class Incomplete(Damaged):
    """The file ends too early."""

    def __init__(self) -> None:
        super().__init__("it ends too early, or declares more than it holds")


class Inert:
    """Base of what a file's objects become. Only these take a state."""

    __slots__ = ()

    def take_state(self, state: object) -> None:
        """Take what followed the object in the file."""
        raise Refused("an object that is changed after it was made")


class Attributes(dict[str, Any], Inert):
    """A dictionary that was an object: NVIDIA's ``EasyDict``, an ``argparse.Namespace``."""

    __slots__ = ()

    def take_state(self, state: object) -> None:
        """Attributes are entries."""
        if isinstance(state, dict):
            self.update(state)


@dataclass(frozen=True)
class Known:
    """A function or class that a file may name, as it lies on the machine's stack: to be called and nothing else."""

    call: Callable[..., object]


class Budget:
    """The steps and bytes that the programs of one file may use up together."""

    def __init__(self, size: int) -> None:
        """``size`` is the file's in bytes."""
        self._steps = MAX_INSTRUCTIONS
        self._entries = MAX_INSTRUCTIONS
        self._bytes = 2 * size + 2**20

    def step(self, count: int = 1) -> None:
        """Count instructions."""
        self._steps -= count
        if self._steps < 0:
            raise Refused("too many instructions")

    def copy(self, *values: object) -> None:
        """Count what is about to be copied."""
        for value in values:
            if isinstance(value, str | bytes | bytearray | Window):
                self._bytes -= len(value)
            elif isinstance(value, list | tuple | dict | set):
                self._entries -= len(value)
        if self._bytes < 0 or self._entries < 0:
            raise Refused("the same data again and again")


class Window(io.RawIOBase):
    """A part of a file as a file of its own, and bytes that are read only when they are wanted."""

    def __init__(self, file: Any, start: int, size: int) -> None:
        """``file`` is unbuffered (or lies in memory) and stays open as long as the window is used."""
        super().__init__()
        self._file = file
        self._start = start
        self._size = size
        self._position = 0

    def __len__(self) -> int:
        return self._size

    def part(self, start: int, size: int) -> Window:
        """``size`` bytes from ``start`` on, which must lie in this window."""
        if not 0 <= start <= start + size <= self._size:
            raise Incomplete
        return Window(self._file, self._start + start, size)

    def fill(self, room: Any) -> None:
        """Read all bytes into ``room``, a writable buffer of this size.

        Raises
        ------
        Incomplete
            When the file has become shorter.
        """
        view, place = memoryview(room).cast("B"), 0
        self._file.seek(self._start)
        while place < self._size:
            count = self._file.readinto(view[place:])
            if not count:
                raise Incomplete
            place += count

    def content(self) -> bytes:
        """All bytes."""
        room = bytearray(self._size)
        self.fill(room)
        return bytes(room)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "negative seek position")
        self._position = base + offset
        return self._position

    def readinto(self, room: Any, /) -> int:
        count = max(0, min(len(room), self._size - self._position))
        self._file.seek(self._start + self._position)
        got: int = self._file.readinto(memoryview(room)[:count]) or 0
        self._position += got
        return got


class LimitedReader(io.BufferedReader):
    """A file that refuses to read more than there is or than ``limit`` bytes at once, before room is set aside."""

    def __init__(self, window: Window, limit: int | None = None) -> None:
        super().__init__(window)
        self.window = window
        self.size = len(window)
        self.limit = self.size if limit is None else limit

    def later(self, count: int) -> Window:
        """The next ``count`` bytes, passed over and not read.

        Raises
        ------
        Incomplete
            When there are not so many.
        """
        found = self.window.part(self.tell(), count)
        self.seek(count, io.SEEK_CUR)
        return found

    def read(self, count: int | None = -1, /) -> bytes:
        """Up to ``count`` bytes, all that are left for -1."""
        if count is not None and count > 64:
            if count > self.size - self.tell():
                raise Incomplete
            if count > self.limit:
                raise Refused("a table of contents of an odd size")
        return super().read(count)


def _is_key(value: object) -> bool:
    """Return whether a value may be a key: hashing deep tuples would overflow the stack."""
    if isinstance(value, tuple):
        return len(value) <= 8 and all(isinstance(part, str | int | float | bool | None) for part in value)
    return isinstance(value, str | bytes | int | float | bool | None)


class Machine:
    """Runs one pickle."""

    def __init__(
        self,
        file: LimitedReader,
        known: Mapping[tuple[str, str], object],
        budget: Budget,
        persistent: Callable[[object], object] | None = None,
    ) -> None:
        """Read from the file's position.

        Parameters
        ----------
        known : what names of functions and constants stand for; functions as :class:`Known`.
        persistent : finds data that the pickle refers to by key; refused without.
        """
        self._file = file
        self._known = known
        self._budget = budget
        self._persistent = persistent
        self._stack: list[Any] = []
        self._below: list[list[Any]] = []
        self._memo: dict[int, Any] = {}

    def run(self) -> Any:
        """The object that the pickle makes. The file's position is behind it then.

        Raises
        ------
        Refused, Damaged
        """
        try:
            while True:
                code = self._file.read(1)
                operation = OPERATIONS.get(code)
                if operation is None:
                    if not code:
                        raise Incomplete
                    raise Damaged("it is no pickle, or its bytes are mixed up")
                self._budget.step()
                action = ACTIONS.get(operation.name)
                if action is None:
                    raise Refused(f"the instruction {operation.name}")
                action(self, self._argument(operation))
                if code == pickle.STOP:
                    return self._stack.pop()
        except IndexError as error:
            raise Damaged("it is no pickle, or its bytes are mixed up") from error
        except (ValueError, OverflowError) as error:
            # The standard library's own checks of what it reads.
            if any(word in str(error) for word in ("exhausted", "not enough data", "remain", "no newline")):
                raise Incomplete from error
            raise Damaged(f"it is no pickle ({error})"[:200]) from error

    def _argument(self, operation: pickletools.OpcodeInfo) -> Any:
        width = LENGTH_WIDTHS.get(operation.name)
        if width is None:
            return operation.arg.reader(self._file) if operation.arg is not None else None
        count = int.from_bytes(self._file.read(width), "little")
        found = self._file.later(count)
        return found if count >= LATER else found.content()

    # ---- values

    def _push(self, value: object) -> None:
        self._stack.append(value)

    def _op_PROTO(self, protocol: int) -> None:
        if protocol > MAX_PROTOCOL:
            raise Damaged(f"it is no pickle (protocol {protocol})")

    def _op_FRAME(self, _length: int) -> None:
        pass  # only a hint how much to read ahead

    def _op_STOP(self, _argument: None) -> None:
        pass

    def _op_EMPTY_SET(self, _argument: None) -> None:
        self._budget.step(CALL_COST)
        self._push(set())

    def _op_POP(self, _argument: None) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self._take_marked()

    def _op_DUP(self, _argument: None) -> None:
        self._push(self._stack[-1])

    def _op_MARK(self, _argument: None) -> None:
        self._below.append(self._stack)
        self._stack = []

    def _take_marked(self) -> list[Any]:
        items = self._stack
        self._stack = self._below.pop()
        return items

    def _op_POP_MARK(self, _argument: None) -> None:
        self._take_marked()

    # ---- containers

    def _op_TUPLE(self, _argument: None) -> None:
        items = self._take_marked()
        self._push(tuple(items))

    def _op_TUPLE1(self, _argument: None) -> None:
        self._last_as_tuple(1)

    def _op_TUPLE2(self, _argument: None) -> None:
        self._last_as_tuple(2)

    def _op_TUPLE3(self, _argument: None) -> None:
        self._last_as_tuple(3)

    def _last_as_tuple(self, count: int) -> None:
        if len(self._stack) < count:
            raise IndexError
        self._stack[-count:] = [tuple(self._stack[-count:])]

    def _op_LIST(self, _argument: None) -> None:
        items = self._take_marked()
        self._push(items)

    def _op_DICT(self, _argument: None) -> None:
        items = self._take_marked()
        made: dict[Any, Any] = {}
        self._set(made, items)
        self._push(made)

    def _op_FROZENSET(self, _argument: None) -> None:
        items = self._take_marked()
        self._budget.step(CALL_COST)
        self._push(self._members(items))

    def _op_APPEND(self, _argument: None) -> None:
        item = self._stack.pop()
        self._target(list).append(item)

    def _op_APPENDS(self, _argument: None) -> None:
        items = self._take_marked()
        self._target(list).extend(items)

    def _op_ADDITEMS(self, _argument: None) -> None:
        items = self._take_marked()
        self._target(set).update(self._members(items))

    def _op_SETITEM(self, _argument: None) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        self._set(self._target(dict, OrderedDict, Attributes), [key, value])

    def _op_SETITEMS(self, _argument: None) -> None:
        items = self._take_marked()
        self._set(self._target(dict, OrderedDict, Attributes), items)

    def _target(self, *types: type) -> Any:
        target = self._stack[-1]
        if type(target) not in types:
            raise Refused("entries for something that takes none")
        return target

    @staticmethod
    def _members(items: list[Any]) -> set[Any]:
        if not all(_is_key(item) for item in items):
            raise Refused("a set of something else than texts and numbers")
        return set(items)

    @staticmethod
    def _set(target: dict[Any, Any], items: list[Any]) -> None:
        if len(items) % 2:
            raise Damaged("it is no pickle, or its bytes are mixed up")
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not _is_key(key):
                raise Refused("a dictionary whose keys are no texts or numbers")
            target[key] = value

    # ---- memory

    def _op_MEMOIZE(self, _argument: None) -> None:
        self._put(len(self._memo))

    def _put(self, cell: int) -> None:
        value = self._stack[-1]
        if isinstance(value, bytes | bytearray | Window) and len(value) > MAX_REMEMBERED:
            value = _FORGOTTEN
        self._memo[cell] = value

    def _get(self, cell: int) -> None:
        try:
            value = self._memo[cell]
        except KeyError:
            raise Damaged("it is no pickle, or its bytes are mixed up") from None
        if value is _FORGOTTEN:
            raise Refused("large data that are used twice")
        self._push(value)

    _op_PUT = _op_BINPUT = _op_LONG_BINPUT = _put
    _op_GET = _op_BINGET = _op_LONG_BINGET = _get

    # ---- names and calls

    def _op_GLOBAL(self, both: str) -> None:
        module, _, name = both.partition(" ")
        self._find(module, name)

    def _op_STACK_GLOBAL(self, _argument: None) -> None:
        name, module = self._stack.pop(), self._stack.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise Refused("a name that is no text")
        self._find(module, name)

    def _find(self, module: str, name: str) -> None:
        try:
            self._push(self._known[module, name])
        except KeyError:
            raise Unknown(module[:100], name[:100]) from None

    def _op_REDUCE(self, _argument: None) -> None:
        arguments = self._stack.pop()
        function = self._stack.pop()
        if not isinstance(arguments, tuple):
            raise Damaged("it is no pickle, or its bytes are mixed up")
        self._call(function, arguments)

    def _op_NEWOBJ(self, _argument: None) -> None:
        self._op_REDUCE(None)

    def _call(self, function: object, arguments: tuple[Any, ...]) -> None:
        if not isinstance(function, Known):
            raise Refused("a call of something that is no function")
        self._budget.step(CALL_COST)
        self._budget.copy(arguments, *arguments)
        try:
            self._push(function.call(*arguments))
        except TypeError as error:
            raise Damaged("it calls something in an odd way") from error

    def _op_BUILD(self, _argument: None) -> None:
        state = self._stack.pop()
        target = self._stack[-1]
        if isinstance(target, Inert):
            self._budget.copy(state)
            target.take_state(state)
        elif type(target) is not OrderedDict:  # PyTorch hangs versions on these, which say nothing we need
            raise Refused("a state for something that takes none")

    def _op_BINPERSID(self, _argument: None) -> None:
        if self._persistent is None:
            self._outside()
        self._budget.step(CALL_COST)
        self._push(self._persistent(self._stack.pop()))

    def _op_PERSID(self, _argument: str) -> None:
        self._outside()

    @staticmethod
    def _outside() -> NoReturn:
        raise Refused("data outside the file")


class _Forgotten:
    """Stands in the memory for something too large to be used twice."""


_FORGOTTEN = _Forgotten()
VALUES = (
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT",
    "STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8",
    "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8",
)  # fmt: skip
OPERATIONS: Mapping[bytes, pickletools.OpcodeInfo] = {
    operation.code.encode("latin-1"): operation for operation in pickletools.opcodes
}
LENGTH_WIDTHS = {"BINBYTES": 4, "BINBYTES8": 8, "BYTEARRAY8": 8}
"""Instructions whose bytes can be a network's numbers, and how many bytes tell their length."""
MADE: dict[str, Callable[[], object]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_TUPLE": tuple,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
}


def _pusher(make: Callable[[], object]) -> Callable[[Machine, Any], None]:
    return lambda machine, _argument: machine._push(make())


ACTIONS: Mapping[str, Callable[[Machine, Any], None]] = {
    **{name.removeprefix("_op_"): action for name, action in vars(Machine).items() if name.startswith("_op_")},
    **dict.fromkeys(VALUES, Machine._push),
    **{name: _pusher(make) for name, make in MADE.items()},
}
