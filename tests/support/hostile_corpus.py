"""Hostile and damaged model files: each with what must be said about it.

Nothing here harms: payloads would leave a mark in a watched folder or would run a program that does nothing.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import struct
import tarfile
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from studio.checkpoints.info import CARD_KEY, ModelCard
from studio.checkpoints.store import save_model
from studio.networks import dcgan
from studio.networks.stylegan2 import Generator, StyleGAN2Config
from tests.support import tensorflow_files
from tests.support.foreign_files import filled, nvidia_names, nvidia_network, rosinality_shapes, write_nvidia

TINY = StyleGAN2Config(resolution=8, z_dim=8, w_dim=8, mapping_layers=2, channel_base=64, channel_max=8)
MARK = "hostile-mark"
"""In every payload; the file of that name must never appear."""


class Case(NamedTuple):
    """A file: ending of its name, bytes, and a regular expression for what must be said about it."""

    suffix: str
    data: bytes
    said: str


# ---- the language of pickles


def text(value: str) -> bytes:
    encoded = value.encode("utf-8", "surrogatepass")
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def integer(value: int) -> bytes:
    data = pickle.encode_long(value)
    return b"\x8a" + bytes([len(data)]) + data


def raw_bytes(value: bytes) -> bytes:
    return b"B" + struct.pack("<I", len(value)) + value


def glob(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def stack_glob(module: str, name: str) -> bytes:
    return text(module) + text(name) + b"\x93"


def tup(*parts: bytes) -> bytes:
    return b"(" + b"".join(parts) + b"t"


def call(module: str, name: str, *arguments: bytes) -> bytes:
    return glob(module, name) + tup(*arguments) + b"R"


def table(**entries: bytes) -> bytes:
    return b"}(" + b"".join(text(name) + value for name, value in entries.items()) + b"u"


def program(body: bytes, protocol: int = 2) -> bytes:
    return b"\x80" + bytes([protocol]) + body + b"."


def storage(count: int, key: str = "0", kind: str = "FloatStorage") -> bytes:
    return tup(text("storage"), glob("torch", kind), text(key), text("cpu"), integer(count)) + b"Q"


def tensor(held: bytes, size: tuple[int, ...], stride: tuple[int, ...], offset: int = 0) -> bytes:
    return call(
        "torch._utils", "_rebuild_tensor_v2", held, integer(offset), tup(*map(integer, size)),
        tup(*map(integer, stride)), b"\x89", call("collections", "OrderedDict"),
    )  # fmt: skip


def array(shape: tuple[int, ...], data: bytes, kind: str = "f4") -> bytes:
    made = call("numpy.core.multiarray", "_reconstruct", glob("numpy", "ndarray"), tup(integer(0)), raw_bytes(b"b"))
    number = call("numpy", "dtype", text(kind), b"\x89", b"\x88")
    return made + tup(integer(1), tup(*map(integer, shape)), number, b"\x89", raw_bytes(data)) + b"b"


def easy(state: bytes) -> bytes:
    return glob("dnnlib.util", "EasyDict") + b")\x81" + state + b"b"


def network(state: bytes) -> bytes:
    return call("torch_utils.persistence", "_reconstruct_persistent_obj", table(type=text("class"), state=state))


def tf_network(state: bytes) -> bytes:
    return glob("dnnlib.tflib.network", "Network") + b")\x81" + state + b"b"


# ---- the layouts around them


def archive(members: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name), data, compression)
    return buffer.getvalue()


def zipped(content: bytes, **members: bytes) -> bytes:
    return archive({"a/data.pkl": content, "a/version": b"3\n", **{f"a/data/{k[1:]}": v for k, v in members.items()}})


def old_layout(content: bytes, keys: list[str] | None = None, data: bytes = b"") -> bytes:
    properties = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    head = b"".join(pickle.dumps(value, 2) for value in (0x1950A86A20F9469CFC6C, 1001, properties))
    return head + content + pickle.dumps(keys or [], 2) + data


WRAPPINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "plain": (".pkl", program),
    "without a protocol": (".pkl", lambda body: body + b"."),
    "among networks": (".pkl", lambda body: program(table(G=b"N", G_ema=b"](" + body + b"e"), 4)),
    "in a tensor": (".pkl", lambda body: program(call("torch.storage", "_load_from_bytes", raw_bytes(program(body))))),
    "in a tensor, old layout": (
        ".pkl",
        lambda body: program(call("torch.storage", "_load_from_bytes", raw_bytes(old_layout(program(body))))),
    ),
    "in a tensor, archive": (
        ".pkl",
        lambda body: program(call("torch.storage", "_load_from_bytes", raw_bytes(zipped(program(body))))),
    ),
    "in a network": (".pkl", lambda body: program(network(table(_parameters=table(weight=body))))),
    "in attributes": (".pkl", lambda body: program(easy(table(path=body)))),
    "in a TensorFlow network": (".pkl", lambda body: program(tf_network(table(variables=b"](" + body + b"e")))),
    "in an archive": (".pt", lambda body: zipped(program(body))),
    "in the old layout": (".pth", lambda body: old_layout(program(body))),
    "as a key of tensor data": (".pt", lambda body: zipped(program(tup(text("storage"), body) + b"Q"))),
}

CALLS: dict[str, tuple[bytes, ...]] = {
    **{name: (text(f"touch {MARK}"),) for name in ("os system", "posix system", "nt system", "os popen", "pty spawn")},
    **{
        name: (b"](" + text("touch") + text(MARK) + b"e",)
        for name in ("subprocess Popen", "subprocess check_output", "subprocess run", "asyncio run", "os execv")
    },
    **{
        f"{module} {name}": (text(f"open({MARK!r}, 'w')"),)
        for module in ("builtins", "__builtin__")
        for name in ("eval", "exec", "compile", "input", "__import__", "globals", "breakpoint", "bytearray", "type")
    },
    "builtins open": (text(MARK), text("w")),
    "io open": (text(MARK), text("w")),
    "_io FileIO": (text(MARK), text("w")),
    "builtins getattr": (glob("dnnlib.util", "EasyDict"), text("__init__")),
    "builtins setattr": (glob("dnnlib.util", "EasyDict"), text("__init__"), b"N"),
    "builtins bytes": (integer(2**40),),
    "builtins range": (integer(2**40),),
    "builtins map": (glob("builtins", "print"), b"]"),
    "operator attrgetter": (text("__class__"),),
    "operator methodcaller": (text("touch"),),
    "operator itemgetter": (integer(0),),
    "_operator mul": (raw_bytes(b"x"), integer(2**40)),
    "functools partial": (glob("builtins", "print"),),
    "functools reduce": (glob("builtins", "print"), b"]"),
    "itertools repeat": (integer(1),),
    "copyreg _reconstructor": (glob("builtins", "object"), glob("builtins", "object"), b"N"),
    "copyreg __newobj__": (glob("builtins", "object"),),
    "copyreg add_extension": (text("os"), text("system"), integer(1)),
    "copy_reg _reconstructor": (glob("__builtin__", "object"), glob("__builtin__", "object"), b"N"),
    "importlib import_module": (text("antigravity"),),
    "importlib._bootstrap _load": (text("antigravity"),),
    "runpy run_path": (text(MARK),),
    "ctypes CDLL": (text("libc.so.6"),),
    "pickle loads": (raw_bytes(program(call("os", "system", text("true")))),),
    "_pickle loads": (raw_bytes(program(call("os", "system", text("true")))),),
    "dill._dill _create_code": (integer(0),),
    "cloudpickle.cloudpickle _make_function": (integer(0),),
    "joblib.numpy_pickle NumpyArrayWrapper": (integer(0),),
    "marshal loads": (raw_bytes(b"N"),),
    "types CodeType": (integer(0),),
    "types FunctionType": (integer(0),),
    "shutil rmtree": (text(MARK),),
    "shutil copyfile": (text("/etc/hostname"), text(MARK)),
    "os remove": (text(MARK),),
    "os putenv": (text("LATENT_STUDIO_MARK"), text("1")),
    "pathlib Path.touch": (text(MARK),),
    "webbrowser open": (text("about:blank"),),
    "socket create_connection": (tup(text("127.0.0.1"), integer(9)),),
    "urllib.request urlopen": (text("http://127.0.0.1:9/"),),
    "logging.config dictConfig": (b"}",),
    "timeit timeit": (text("1"),),
    "code interact": (),
    "pdb run": (text("1"),),
    "signal alarm": (integer(1),),
    "sys exit": (),
    "sys setrecursionlimit": (integer(10**6),),
    "gc disable": (),
    "torch load": (text(MARK),),
    "torch save": (b"N", text(MARK)),
    "torch set_num_threads": (integer(64),),
    "torch.jit load": (text(MARK),),
    "torch.jit._serialization load": (text(MARK),),
    "torch.hub load": (text("a/b"), text("c")),
    "torch.package PackageImporter": (text(MARK),),
    "torch.utils.cpp_extension load_inline": (text("x"), text("")),
    "torch FloatTensor": (integer(2**40),),
    "torch.nn.modules.linear Linear": (integer(8), integer(8)),
    "torch._utils _rebuild_meta_tensor_no_storage": (integer(0),),
    "torch._utils _rebuild_wrapper_subclass": (integer(0),),
    "torch._utils _rebuild_sparse_tensor": (integer(0),),
    "torch._utils _rebuild_qtensor": (integer(0),),
    "torch._utils _rebuild_tensor_v2.__globals__": (),
    "torch.serialization _get_layout": (text("x"),),
    "numpy load": (text(MARK),),
    "numpy fromfile": (text(MARK),),
    "numpy memmap": (text(MARK), text("f4"), text("w+")),
    "numpy zeros": (integer(2**40),),
    "numpy.random._pickle __randomstate_ctor": (),
    "numpy.f2py.diagnose run_command": (text("true"),),
    "pandas.io.pickle loads": (text(MARK),),
    "sklearn.linear_model._base LinearRegression": (),
    "training.networks Generator": (),
    "__main__ Generator": (),
    "pytorch_lightning.callbacks ModelCheckpoint": (),
    "studio.base.files write_atomic": (text(MARK), text("x")),
    "studio.checkpoints.pickles read_pickle": (text(MARK),),
    "studio.checkpoints.pickle_machine Known": (glob("os", "system"),),
    "dnnlib.util EasyDict.__init__": (),
    "dnnlib.util open_url": (text("http://127.0.0.1:9/"),),
    "dnnlib.tflib.network Network.clone": (),
    "collections OrderedDict.fromkeys": (b"]",),
    "collections defaultdict": (glob("os", "getcwd"),),
    "collections namedtuple": (text("a"), text("b")),
    "builtins.о system": (text("true"),),  # a Cyrillic letter
    "os  system": (text("true"),),
    "OS system": (text("true"),),
}


def _calls() -> Iterator[tuple[str, Case]]:
    for number, (name, arguments) in enumerate(CALLS.items()):
        module, function = name.split(" ", 1)
        # Every function in two wrappings, taking turns, and the most dangerous ones in all.
        wrappings = list(WRAPPINGS)
        if number > 12:
            wrappings = [wrappings[number % len(wrappings)], wrappings[(5 * number + 3) % len(wrappings)]]
        # An argument may be named first: it is refused as well.
        inner = [glob(*pair) for pair in (("builtins", "print"), ("os", "system"), ("os", "getcwd"))]
        named = any(argument in inner or b"cbuiltins" in argument for argument in arguments)
        for wrapping in wrappings:
            suffix, wrap = WRAPPINGS[wrapping]
            said = "contains " if named else f"contains {module}.{function}".replace("  ", " .").replace("?", ".")
            body = call(module, function, *arguments)
            ascii_only = "" if name.isascii() else "|no pickle"
            yield f"{name} {wrapping}", Case(suffix, wrap(body), _quoted(said) + ascii_only)
        yield (
            f"{name} by STACK_GLOBAL",
            Case(".pkl", program(stack_glob(module, function) + tup(*arguments) + b"R", 4), "contains "),
        )


def _quoted(said: str) -> str:
    return "".join(f"\\{letter}" if letter in ".()[]" else letter for letter in said)


# ---- tricks of the machine

EASY = glob("dnnlib.util", "EasyDict")
REBUILD = glob("torch._utils", "_rebuild_tensor_v2")
SYSTEM = glob("os", "system")


def _tricks() -> Iterator[tuple[str, Case]]:
    def pkl(body: bytes, said: str, protocol: int = 2) -> Case:
        return Case(".pkl", program(body, protocol), said)

    nothing = "for something that takes none"
    yield "BUILD with __setstate__", pkl(EASY + b")\x81" + table(__setstate__=SYSTEM) + b"b", r"os\.system")
    yield "BUILD with __class__", pkl(EASY + b")\x81" + table(__class__=SYSTEM) + b"b", r"os\.system")
    yield "BUILD on a function", pkl(REBUILD + table(__defaults__=tup(integer(1))) + b"b", nothing)
    yield "BUILD slots of a function", pkl(REBUILD + tup(b"N", table(__kwdefaults__=b"}")) + b"b", nothing)
    yield "BUILD on a class", pkl(EASY + table(update=b"N") + b"b", nothing)
    yield "BUILD slots of a class", pkl(EASY + tup(b"N", table(update=b"N")) + b"b", nothing)
    yield "BUILD on a list", pkl(b"]" + table(append=b"N") + b"b", nothing)
    yield "BUILD on a text", pkl(text("x") + b"}b", nothing)
    yield "SETITEM on a class", pkl(EASY + text("x") + b"Ns", nothing)
    yield "SETITEM on a list", pkl(b"]" + integer(0) + b"Ns", nothing)
    yield "SETITEM on a network", pkl(network(table(a=b"N")) + text("x") + b"Ns", nothing)
    yield "APPEND to a function", pkl(REBUILD + b"Na", nothing)
    yield "APPENDS to a dictionary", pkl(b"}(NNe", nothing)
    yield "ADDITEMS to a list", pkl(b"](N\x90", nothing, 4)
    yield "a network changed later", pkl(network(table(a=b"N")) + b"}b", "changed after it was made")
    yield "a TensorFlow network twice", pkl(tf_network(table(a=b"N")) + table(b=b"N") + b"b", "damaged TensorFlow")
    yield "a call of a text", pkl(text("os.system") + b")R", "no function")
    yield "a call of a number", pkl(integer(5) + b")R", "no function")
    yield "a call of a constant", pkl(glob("torch", "float32") + b")R", "no function")
    yield "a call of a storage kind", pkl(glob("torch", "FloatStorage") + b")R", "no function")
    yield "a call of a result", pkl(EASY + b")R)R", "no function")
    yield "a call with a list", pkl(EASY + b"]R", "mixed up")
    yield "NEWOBJ of a text", pkl(text("os") + b")\x81", "no function")
    yield "NEWOBJ with odd arguments", pkl(EASY + tup(integer(1), integer(2), integer(3)) + b"\x81", "odd way")
    yield "NEWOBJ_EX", pkl(EASY + b")}\x92", "NEWOBJ_EX", 4)
    yield "INST", Case(".pkl", b"(S'true'\nios\nsystem\n.", "instruction INST")
    yield "OBJ", Case(".pkl", b"(cos\nsystem\nS'true'\no.", r"os\.system")
    yield "OBJ of a known name", Case(".pkl", b"(" + EASY + b"o.", "instruction OBJ")
    yield "EXT1", pkl(b"\x82\x01", "instruction EXT1")
    yield "EXT2", pkl(b"\x83\x01\x01", "instruction EXT2")
    yield "EXT4", pkl(b"\x84\x01\x00\x00\x7f", "instruction EXT4")
    yield "NEXT_BUFFER", pkl(b"\x97", "NEXT_BUFFER", 5)
    yield "READONLY_BUFFER", pkl(b"N\x98", "READONLY_BUFFER", 5)
    yield "PERSID", Case(".pkl", b"Pabc\n.", "data outside the file")
    yield "BINPERSID", pkl(text("x") + b"Q", "data outside the file")
    yield "BINPERSID in an archive", Case(".pt", zipped(program(text("x") + b"Q")), "data outside the file")
    yield "BINPERSID of a module", Case(".pt", zipped(program(tup(text("module"), b"N", b"N", b"N", b"N") + b"Q")),
                                        "data outside the file")  # fmt: skip
    for name, parts in {
        "bytes": raw_bytes(b"os") + raw_bytes(b"system"),
        "numbers": integer(1) + integer(2),
        "a tuple": tup(text("os"), text("system")) + text("x"),
        "a list": b"](" + text("os") + b"e" + text("system"),
    }.items():
        yield f"STACK_GLOBAL of {name}", pkl(parts + b"\x93", "name that is no text", 4)
    yield (
        "STACK_GLOBAL from memory",
        pkl(text("os") + b"\x94" + text("system") + b"\x94h\x00h\x01\x93", r"os\.system", 4),
    )
    yield (
        "STACK_GLOBAL with an escape",
        pkl(stack_glob("\x1b[2J\nos", "sys\x07tem"), r"contains \?\[2J\?os\.sys\?tem", 4),
    )
    yield "STACK_GLOBAL with a surrogate", pkl(stack_glob("o\udc80s", "system"), r"contains o\?s\.system", 4)
    yield "STACK_GLOBAL of a long name", pkl(stack_glob("a" * 10**6, "b" * 10**6), "contains a{100}.b{100}", 4)
    yield "a dotted name", pkl(glob("torch._utils", "_rebuild_tensor_v2.__class__"), "__class__")
    yield "an unknown memory cell", pkl(b"h\x05", "mixed up")
    yield "a memory cell before anything", pkl(b"q\x05", "mixed up")
    yield "a memory cell written over", pkl(EASY + b"q\x000" + SYSTEM + b"q\x00h\x00)R", r"os\.system")
    yield "a far memory cell", pkl(b"Nr\xff\xff\xff\x7f", "no dictionary of networks")
    yield "an empty stack", pkl(b"0", "mixed up")
    yield "too few for a tuple", pkl(b"N\x87", "mixed up")
    yield "no mark", pkl(b"Nt", "mixed up")
    yield "an odd dictionary", pkl(b"(NNNd", "mixed up")
    yield "a stop at once", pkl(b"", "mixed up")
    yield "protocol 200", Case(".pkl", b"\x80\xc8N.", "protocol 200")
    yield "an unknown instruction", pkl(b"\xff", "no pickle")
    yield "a list as a key", pkl(b"}]Ns", "keys are no texts")
    yield "a network as a key", pkl(b"}" + network(table(a=b"N")) + b"Ns", "keys are no texts")
    yield "deep tuples as a key", pkl(b"}N" + b"\x85" * 120_000 + b"Ns", "keys are no texts")
    yield "deep tuples in a set", pkl(b"\x8f(N" + b"\x85" * 30_000 + b"\x90", "texts and numbers", 4)
    yield "deep tuples as a set", pkl(b"(N" + b"\x85" * 30_000 + b"\x91", "texts and numbers", 4)
    yield (
        "deep tuples by a call",
        pkl(glob("builtins", "set") + b"](N" + b"\x85" * 30_000 + b"e\x85R", "texts and numbers"),
    )
    yield "deep lists", pkl(b"]" * 30_000 + b"a" * 29_999, "nested too deeply")
    yield "deep dictionaries", pkl(b"}N" * 20_000 + b"}" + b"s" * 20_000, "nested too deeply")
    yield "deep attributes", pkl((EASY + b")\x81}N") * 5_000 + b"N" + b"sb" * 5_000, "nested too deeply")
    inner = table(_parameters=b"}")
    deep = network(inner)
    for _ in range(60):
        deep = network(table(_modules=table(b4=deep), _parameters=b"}"))
    yield "deep networks", pkl(table(G_ema=deep), "nested too deeply")
    yield "a list that holds itself", pkl(b"]\x94h\x00a", "nested too deeply", 4)
    yield "a dictionary that holds itself", pkl(b"}\x94" + text("G_ema") + b"h\x00s", "nested too deeply", 4)
    yield "attributes that hold themselves", pkl(EASY + b")\x81\x94" + table(a=b"h\x00") + b"b", "nested too deeply", 4)
    yield (
        "a network that holds itself",
        pkl(
            b"}\x94" + network(table(_modules=b"h\x00")) + b"\x940h\x00" + text("b4") + b"h\x01s0h\x01",
            "nested too deeply",
            4,
        ),
    )
    yield "doubling lists", pkl(b"]" + b"".join(b"\x94](h" + bytes([n]) + b"h" + bytes([n]) + b"e" for n in range(80)),
                                "repeats itself", 4)  # fmt: skip
    yield "doubling tuples", pkl(b")\x94" + b"".join(
        b"h" + bytes([n]) + b"\x86\x94" for n in range(80)), "repeats itself", 4)  # fmt: skip
    yield "doubling dictionaries", pkl(b"}" + b"".join(
        b"\x94}(" + text("a") + b"h" + bytes([n]) + text("b") + b"h" + bytes([n]) + b"u" for n in range(80)),
        "repeats itself", 4)  # fmt: skip
    yield "the same entries again and again", pkl(
        b"](" + tup(text("a"), b"N") * 60_000 + b"e\x940" + glob("collections", "OrderedDict") + b"\x940"
        + b"h\x01h\x00\x85R" * 5_000, "same data again", 4)  # fmt: skip
    yield "the same set again and again", pkl(
        b"](" + b"K\x05" * 60_000 + b"e\x940" + glob("builtins", "set") + b"\x940" + b"h\x01h\x00\x85R" * 5_000,
        "same data again", 4)  # fmt: skip
    yield "the same text again and again", pkl(
        text("x" * 10**6) + b"\x940" + glob("_codecs", "encode") + b"\x940"
        + (b"h\x01h\x00" + text("latin1") + b"\x86R") * 2_000, "same data again", 4)  # fmt: skip
    yield "the same attributes again and again", pkl(
        table(**{f"k{n}": b"N" for n in range(50_000)}) + b"\x940" + EASY + b"\x940" + b"h\x01)\x81h\x00b" * 5_000,
        "same data again", 4)  # fmt: skip
    yield "the same tensor file again and again", pkl(
        raw_bytes(old_layout(program(storage(100_000)), ["0"], struct.pack("<Q", 100_000) + bytes(400_000)))
        + b"\x940" + glob("torch.storage", "_load_from_bytes") + b"\x940" + b"h\x01h\x00\x85R" * 2_000,
        "same data again", 4)  # fmt: skip
    yield "large data used twice", pkl(raw_bytes(bytes(2**20 + 1)) + b"\x94h\x00", "used twice", 4)
    yield "endless instructions", pkl(b"N0" * 510_000 + b"N", "too many instructions")
    yield "endless sets", pkl(b"\x8f" * 400_000, "too many instructions", 4)
    yield "endless calls", pkl(glob("collections", "OrderedDict") + b"\x940" + b"h\x00)R" * 300_000, "instructions", 4)
    yield "instructions in many tensors", pkl(
        glob("torch.storage", "_load_from_bytes") + b"\x940"
        + b"".join(b"h\x00" + raw_bytes(program(b"N0" * 2_000 + storage_of_one(n))) + b"\x85R" for n in range(3)),
        "data outside the file", 4)  # fmt: skip
    yield "a text of 4 GB", pkl(b"X\xff\xff\xff\xff", "ends too early")
    yield "bytes of 2^60", pkl(b"\x8e" + struct.pack("<Q", 2**60), "ends too early", 4)
    yield "a byte array of 2^60", pkl(b"\x96" + struct.pack("<Q", 2**60), "ends too early", 5)
    yield "a number of 2 GB", pkl(b"\x8b\xff\xff\xff\x7f", "ends too early")
    yield "a negative length", pkl(b"\x8b\xff\xff\xff\xff", "no pickle")
    yield "a frame of 2^60", pkl(b"\x95" + struct.pack("<Q", 2**60) + b"N", "no dictionary of networks", 4)
    yield "a number of a million digits", Case(".pkl", b"L" + b"9" * 10**6 + b"L\n.", "no pickle|text file")
    yield "a text without an end", Case(".pkl", b"\x80\x02S'" + b"a" * 10**6, "ends too early")


def storage_of_one(number: int) -> bytes:
    return storage(1, str(number))


# ---- numbers: tensors and arrays that are not what they say


def _numbers() -> Iterator[tuple[str, Case]]:
    four = struct.pack("<4f", 1, 2, 3, 4)

    def pt(body: bytes, said: str, data: bytes = four) -> Case:
        return Case(".pt", zipped(program(table(g_ema=body)), _0=data), said)

    larger, damaged = "larger than its data", "a damaged tensor"
    yield "a tensor of 2^40 entries", pt(tensor(storage(4), (2**40,), (1,)), "tensor")
    yield "a tensor of 2^31 entries", pt(tensor(storage(4), (2**31,), (1,)), larger)
    yield "one number as 4 GB", pt(tensor(storage(4), (2**15, 2**15), (0, 0)), larger)
    yield "one number as a kernel", pt(tensor(storage(4), (512, 512, 3, 3), (0, 0, 0, 0)), larger)
    yield "overlapping rows", pt(tensor(storage(4), (3, 3), (0, 1)), larger)
    yield "a tensor beyond its data", pt(tensor(storage(4), (4,), (1,), 1), larger)
    yield "a tensor far beyond", pt(tensor(storage(4), (1,), (1,), 2**62), damaged)
    yield "a negative size", pt(tensor(storage(4), (-1,), (1,)), damaged)
    yield "a negative stride", pt(tensor(storage(4), (2,), (-1,)), damaged)
    yield "a negative offset", pt(tensor(storage(4), (1,), (1,), -1), damaged)
    yield "sizes without strides", pt(tensor(storage(4), (2, 2), (1,)), damaged)
    yield "a hundred dimensions", pt(tensor(storage(4), (1,) * 100, (1,) * 100), damaged)
    yield (
        "a size of texts",
        pt(
            call("torch._utils", "_rebuild_tensor_v2", storage(4), integer(0), tup(text("2")), tup(integer(1))), damaged
        ),
    )
    yield "no entries, 2^60 of them", pt(tensor(storage(4), (0, 2**60), (1, 1)), damaged)
    yield "a tensor of no storage", pt(tensor(b"]", (1,), (1,)), damaged)
    yield "a storage of 2^60", pt(tensor(storage(2**60), (1,), (1,)), "another size")
    yield "a storage of less than it has", pt(tensor(storage(2), (1,), (1,)), "another size")
    yield "a negative storage", pt(tensor(storage(-4), (1,), (1,)), "unknown kind")
    yield "a storage that is missing", pt(tensor(storage(4, "7"), (1,), (1,)), "are missing")
    yield "a storage from another folder", pt(tensor(storage(4, "../version"), (1,), (1,)), "are missing")
    yield (
        "a storage of two kinds",
        pt(
            b"](" + tensor(storage(4), (1,), (1,)) + tensor(storage(4, kind="IntStorage"), (1,), (1,)) + b"e",
            "two kinds",
        ),
    )
    for kind in ("ComplexFloatStorage", "QUInt8Storage", "QInt32Storage", "TypedStorage", "FloatTensor"):
        yield f"a {kind}", pt(tensor(storage(4, kind=kind), (1,), (1,)), rf"torch\.{kind}")
    yield "a parameter that is no tensor", pt(call("torch._utils", "_rebuild_parameter", b"N", b"\x89"), "no tensor")
    row = b"".join(text(f"k{n}") + b"h\x00" for n in range(2_000))
    shared = tensor(storage(100_000), (100_000,), (1,)) + b"\x94"
    yield (
        "one tensor under many names",
        Case(
            ".pt",
            zipped(program(shared + b"0" + table(g_ema=b"}(" + row + b"u"), 4), _0=bytes(400_000)),
            "same numbers",
        ),
    )
    views = b"".join(text(f"k{n}") + tensor(b"h\x00", (100_000,), (1,)) for n in range(2_000))
    yield (
        "one storage under many names",
        Case(
            ".pt",
            zipped(program(storage(100_000) + b"\x940" + table(g_ema=b"}(" + views + b"u"), 4), _0=bytes(400_000)),
            "same numbers",
        ),
    )

    def old(body: bytes, said: str, keys: list[str], data: bytes) -> Case:
        return Case(".pt", old_layout(program(table(g_ema=body)), keys, data), said)

    good = tensor(storage(4), (4,), (1,))
    count = struct.pack("<Q", 4)
    yield "old layout, a storage of 2^60", old(tensor(storage(2**60), (1,), (1,)), "too early", ["0"], count + four)
    yield "old layout, a size lie", old(good, "another size", ["0"], struct.pack("<Q", 2**60) + four)
    yield "old layout, no data", old(good, "too early", ["0"], count)
    yield "old layout, no keys", old(good, "not those it lists", [], count + four)
    yield "old layout, keys twice", old(good, "not those it lists", ["0", "0"], count + four)
    yield "old layout, a view", Case(
        ".pt",
        old_layout(program(tup(text("storage"), glob("torch", "FloatStorage"), text("0"), text("cpu"), integer(4),
                               tup(text("1"), integer(0), integer(2))) + b"Q"), ["0"], count + four),
        "part of other tensor data",
    )  # fmt: skip
    properties = pickle.dumps({"little_endian": False}, 2)
    magic = pickle.dumps(0x1950A86A20F9469CFC6C, 2)
    yield "old layout, big-endian", Case(".pt", magic + pickle.dumps(1001, 2) + properties, "another kind of computer")
    yield "old layout, another version", Case(".pt", magic + pickle.dumps(7, 2), "no file of PyTorch")
    yield (
        "old layout, code in the facts",
        Case(".pt", magic + pickle.dumps(1001, 2) + program(call("os", "system", text("true"))), r"os\.system"),
    )
    yield "old layout, code in the keys", Case(
        ".pt", old_layout(program(b"}"))[: -len(pickle.dumps([], 2))] + program(call("os", "system", text("true"))),
        r"os\.system",
    )  # fmt: skip
    yield (
        "archive, big-endian",
        Case(".pt", archive({"a/data.pkl": program(b"}"), "a/byteorder": b"big"}), "another kind of computer"),
    )

    def pkl(body: bytes, said: str) -> Case:
        return Case(".pkl", program(body), said)

    yield "an array of 2^40 entries", pkl(array((2**40,), four), "damaged array")
    yield "an array of 2^80 entries", pkl(array((2**40, 2**40), four), "damaged array")
    yield "an array of negative size", pkl(array((-1,), four), "damaged array")
    yield "an array of no entries, 2^62 of them", pkl(array((0, 2**62, 2**62), b""), "array")
    yield "an array of objects", pkl(array((1,), four, "O8"), "no numbers")
    yield "an array of records", pkl(array((1,), four, "f4,(100000,)f4"), "no numbers")
    yield "an array of texts", pkl(array((1,), four, "U1"), "no numbers")
    yield "an array of times", pkl(array((1,), four, "M8[s]"), "no numbers")
    yield "an array of complex numbers", pkl(array((1,), four * 2, "c8"), "no numbers")
    yield (
        "an array of no bytes",
        pkl(array((1,), four)[: array((1,), four).rindex(b"(\x8a\x01\x01(")] + tup(integer(1)) + b"b", "damaged array"),
    )
    yield "an array without a kind", pkl(
        call("numpy.core.multiarray", "_reconstruct", b"N", b")", b"N")
        + tup(integer(1), tup(integer(1)), text("f4"), b"\x89", raw_bytes(four)) + b"b", "no numbers")  # fmt: skip
    yield (
        "a number of the wrong length",
        pkl(
            call("numpy.core.multiarray", "scalar", call("numpy", "dtype", text("f4")), raw_bytes(b"x")),
            "damaged number",
        ),
    )
    yield (
        "a scalar of objects",
        pkl(call("numpy.core.multiarray", "scalar", call("numpy", "dtype", text("O")), raw_bytes(b"x")), "no numbers"),
    )
    yield "a buffer of odd shape", pkl(
        call("numpy._core.numeric", "_frombuffer", raw_bytes(four), call("numpy", "dtype", text("f4")),
             tup(integer(2**40)), text("C")), "damaged array")  # fmt: skip
    yield "bytes in an odd encoding", pkl(call("_codecs", "encode", text("x"), text("unicode_escape")), "odd encoding")
    yield "bytes by a codec", pkl(call("_codecs", "encode", raw_bytes(b"x"), text("zlib_codec")), "odd encoding")
    yield (
        "a network without attributes",
        pkl(call("torch_utils.persistence", "_reconstruct_persistent_obj", b"}"), "without attributes"),
    )
    yield "a network of no layers", pkl(table(G_ema=network(table(_modules=text("x")))), "no layers")
    yield "a network of nothing", pkl(table(G_ema=network(table(_parameters=b"}"))), "cannot be used")
    yield (
        "TensorFlow, texts for variables",
        pkl(tf_network(table(version=integer(4), variables=text("abc"))), "variables is damaged"),
    )
    yield (
        "TensorFlow, no variables",
        pkl(tf_network(table(version=integer(4), static_kwargs=b"}")), "not a StyleGAN2 generator"),
    )
    yield (
        "TensorFlow, parts that hold themselves",
        pkl(
            tf_network(b"}\x94" + text("components") + b"}\x94" + text("a") + b"N\x940h\x01ss"),
            "nested too deeply",
        ),
    )
    big = {"version": 4, "components": {}, "variables": [], "static_kwargs": {"x" * 200_000: 1}}
    yield (
        "TensorFlow, a setting of a long name",
        pkl(tf_network(pickle.dumps(big, 2)[2:-1]), "not a StyleGAN2 generator|not known"),
    )


# ---- archives


def _local(name: str, data: bytes, **changes: int) -> tuple[bytes, bytes]:
    """A member's own header with its data, and its entry in the table of contents, but for its place."""
    import zlib

    given = {"flags": 0, "method": 0, "crc": zlib.crc32(data), "packed": len(data), "size": len(data), **changes}
    raw = name.encode()
    both = struct.pack(
        "<HHHHHLLL", 20, given["flags"], given["method"], 0, 0, given["crc"], given["packed"], given["size"]
    )
    header = b"PK\x03\x04" + both + struct.pack("<HH", len(raw), 0) + raw + data
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + both + struct.pack("<HHHHHL", len(raw), 0, 0, 0, 0, 0)
    return header, entry


def handmade(members: list[tuple[str, bytes, dict[str, int]]], *, same_place: bool = False, **end: int) -> bytes:
    """An archive whose table of contents may lie."""
    out, entries, size = [], [], 0
    for name, data, changes in members:
        header, entry = _local(name, data, **changes)
        entries.append(entry + struct.pack("<L", 0 if same_place else size) + name.encode())
        if not (same_place and out):
            out.append(header)
            size += len(header)
    table_of = b"".join(entries)
    count = end.get("count", len(members)) & 0xFFFF
    length, start = end.get("length", len(table_of)), end.get("start", size)
    return b"".join((*out, table_of, b"PK\x05\x06", struct.pack("<HHHHLLH", 0, 0, count, count, length, start, 0)))


def _archives() -> Iterator[tuple[str, Case]]:
    empty = program(b"}")

    def pt(data: bytes, said: str) -> Case:
        return Case(".pt", data, said)

    for name, method in {
        "deflated": zipfile.ZIP_DEFLATED,
        "bzip2": zipfile.ZIP_BZIP2,
        "lzma": zipfile.ZIP_LZMA,
    }.items():
        zeros = bytes(20_000_000 if name == "deflated" else 1_000_000)
        yield f"a {name} bomb in data.pkl", pt(archive({"a/data.pkl": zeros}, method), "compressed archive")
        yield (
            f"a {name} bomb beside",
            pt(archive({"a/data.pkl": empty, "a/data/0": zeros}, method), "compressed archive"),
        )
    yield "no data.pkl", pt(archive({"a/readme.txt": b"hello"}), "zip archive, not a file of PyTorch")
    yield "an empty archive", pt(archive({}), "zip archive, not a file of PyTorch")
    yield "a network in a zip", pt(archive({"cats/network.pkl": b"x"}), r"zip archive.*cats/network\.pkl")
    yield "an npz", pt(archive({"arr_0.npy": b"\x93NUMPY"}), "arrays of numpy")
    yield "two data.pkl", pt(archive({"a/data.pkl": empty, "b/data.pkl": empty}), "two members")
    yield "two data.pkl deep", pt(archive({"a/data.pkl": empty, "a/data/data.pkl": empty}), "two members")
    yield (
        "the same member twice",
        pt(
            handmade([("a/data.pkl", empty, {}), ("a/data.pkl", program(call("os", "system", text("true"))), {})]),
            "two members",
        ),
    )
    for name in ("../../evil", "/etc/evil", "a/../../evil", "..\\evil", "C:\\evil", "C:evil"):
        yield f"a member {name}", pt(archive({"a/data.pkl": empty, name: b"x"}), "another folder|damaged|zip")
    yield (
        "TorchScript",
        pt(
            archive({"a/data.pkl": empty, "a/constants.pkl": empty, "a/code/__torch__.py": b"import os"}), "TorchScript"
        ),
    )
    yield "old TorchScript", pt(archive({"a/data.pkl": empty, "a/code/x.py": b"import os"}), "TorchScript")
    yield "encrypted", pt(handmade([("a/data.pkl", empty, {"flags": 1})]), "encrypted")
    yield "a strange compression", pt(handmade([("a/data.pkl", empty, {"method": 99})]), "compressed")
    yield (
        "a member larger than the file",
        pt(handmade([("a/data.pkl", empty, {"packed": 2**31, "size": 2**31})]), "more than it holds|damaged|too early"),
    )
    yield "a size lie", pt(handmade([("a/data.pkl", empty, {"size": 2**31})]), "another size|damaged")
    yield (
        "overlapping members",
        pt(handmade([("a/data.pkl", empty, {}), ("a/data/1", empty, {})], same_place=True), "overlap|damaged"),
    )
    yield "a wrong checksum", pt(handmade([("a/data.pkl", empty, {"crc": 1})]), "CRC|damaged")
    yield (
        "a table of contents of 4 GB",
        pt(handmade([("a/data.pkl", empty, {})], length=2**32 - 2), "too early|damaged"),
    )
    yield (
        "a table of contents elsewhere",
        pt(handmade([("a/data.pkl", empty, {})], start=2**31), "too early|damaged|overlap"),
    )
    zip64 = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 2**60, 2**60)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 2**60, 1)
    tail = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    yield "zip64 lies", pt(_local("a/data.pkl", empty)[0] + zip64 + locator + tail, "too early|damaged|odd size")
    yield "zip64 without its part", pt(_local("a/data.pkl", empty)[0] + tail, "too early|damaged|odd size")
    many = handmade([(f"a/data/{n}", b"", {}) for n in range(150_000)])
    yield "150,000 members", pt(many, "odd size|too many|zip archive")
    yield "long names", pt(archive({"a/data.pkl": empty, **{f"{n}" + "x" * 60_000: b"" for n in range(200)}}),
                           "odd size|cannot be used")  # fmt: skip
    yield (
        "a program of the wrong kind",
        pt(archive({"a/data.pkl": b"print('hello')"}), "damaged|no pickle|mixed up|too early"),
    )
    yield "an empty program", pt(archive({"a/data.pkl": b""}), "too early")
    yield "a bomb within a tensor", Case(
        ".pkl",
        program(call("torch.storage", "_load_from_bytes",
                     raw_bytes(archive({"a/data.pkl": bytes(20_000_000)}, zipfile.ZIP_DEFLATED)))),
        "compressed archive",
    )  # fmt: skip
    yield "an archive within a tensor within an archive", pt(
        zipped(program(call("torch.storage", "_load_from_bytes", raw_bytes(zipped(
            program(call("torch.storage", "_load_from_bytes", raw_bytes(zipped(empty))))))))),
        r"torch\.storage\._load_from_bytes",
    )  # fmt: skip
    yield (
        "a tensor file that is a list",
        Case(".pkl", program(call("torch.storage", "_load_from_bytes", raw_bytes(program(b"]")))), "unknown kind"),
    )
    yield (
        "a tensor file that is a text",
        Case(".pkl", program(call("torch.storage", "_load_from_bytes", text("x"))), "no bytes"),
    )
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name in ("sys_info", "pickle", "tensors", "storages"):
            info = tarfile.TarInfo(name)
            info.size = 4
            tar.addfile(info, io.BytesIO(b"abcd"))
    yield "a file of the first PyTorch", pt(buffer.getvalue(), "from before 2018")


# ---- other files under a model's name


def _others() -> Iterator[tuple[str, Case]]:
    page = "is a web page, not a network"
    found = {
        "nothing": (b"", "is empty"),
        "zeros": (bytes(5000), "nothing but zeros"),
        "one byte": (b"\x80", "too early|header|not a safetensors"),
        "a web page": (b"<!DOCTYPE html><html><title>Google Drive - Virus scan warning</title>", page),
        "a web page after blanks": (b"\xef\xbb\xbf\r\n  <HTML><body>Quota exceeded", page),
        "an XML answer": (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', page),
        "a JSON answer": (b'{"error": "Access to model x is restricted."}', "message of a web service.*restricted"),
        "a Git LFS pointer": (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 381673535\n",
            r"only a Git LFS pointer .*381\.7 MB",
        ),
        "gzip": (gzip.compress(program(b"}")), "gzip archive"),
        "bzip2": (bz2.compress(program(b"}")), "bzip2 archive"),
        "xz": (lzma.compress(program(b"}")), "xz archive"),
        "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(100), "7-Zip archive"),
        "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(100), "RAR archive"),
        "zstd": (b"\x28\xb5\x2f\xfd" + bytes(100), "Zstandard archive"),
        "tar": (bytes(257) + b"ustar" + bytes(300), "tar archive|nothing but zeros"),
        "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG picture"),
        "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100), "JPEG picture"),
        "gif": (b"GIF89a" + bytes(100), "GIF picture"),
        "webp": (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "WebP picture"),
        "heic": (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC"),
        "mp4": (b"\x00\x00\x00\x18ftypmp42" + bytes(100), "MP4"),
        "webm": (b"\x1aE\xdf\xa3" + bytes(100), "WebM video"),
        "avi": (b"RIFF\x10\x00\x00\x00AVI LIST", "AVI video"),
        "bmp": (b"BM\x10\x00\x00\x00\x00\x00\x00\x006\x00", "BMP picture"),
        "tiff": (b"II*\x00" + bytes(100), "TIFF picture"),
        "psd": (b"8BPS" + bytes(100), "Photoshop"),
        "pdf": (b"%PDF-1.7 ", "PDF document"),
        "a Windows program": (b"MZ" + bytes(100) + b"PE\x00\x00", "Windows program"),
        "a Linux program": (b"\x7fELF" + bytes(100), "Linux program"),
        "hdf5": (b"\x89HDF\r\n\x1a\n" + bytes(100), "HDF5"),
        "npy": (b"\x93NUMPY\x01\x00" + bytes(100), "numpy array"),
        "text": (b"these are not the networks you are looking for", "text file.*these are not|not a safetensors"),
        "UTF-16 text": ("\ufeffnot a network".encode("utf-16-le"), "text file.*not a network|not a safetensors"),
        "Python": (b"import os\nos.system('true')\n", "Python program"),
        "noise": (np.random.RandomState(1).bytes(10_000), "damaged|not a safetensors"),
    }
    for name, (data, said) in found.items():
        for suffix in (".pkl", ".pt", ".safetensors"):
            yield f"{name} as {suffix}", Case(suffix, data, said)
    for name, value in {"a number": 5, "a list": [1, 2], "an empty dictionary": {}, "nothing at all": None}.items():
        yield f"{name} in a pickle", Case(".pkl", pickle.dumps(value), "cannot be used")
    yield (
        "a dictionary of odd names",
        Case(
            ".pkl",
            pickle.dumps({"\x1b[2J" * 50: 1, 5: 2}),
            r"no StyleGAN or DCGAN generator is in it \(it has: .*\?\[2J",
        ),
    )


# ---- good files, cut and with odd weights


_GOOD: dict[str, bytes] = {}


def _saved(content: object, **how: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(content, buffer, **how)
    return buffer.getvalue()


def rosinality_state() -> dict[str, torch.Tensor]:
    return filled(rosinality_shapes(TINY))


def good_files() -> dict[str, bytes]:
    """Small files of every kind that opens."""
    if _GOOD:
        return _GOOD
    import tempfile

    torch.manual_seed(3)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        write_nvidia(path, nvidia_network(TINY, filled(nvidia_names(TINY))))
        _GOOD["nvidia.pkl"] = path.read_bytes()
        card = ModelCard(name="own", architecture="stylegan2", config=TINY.to_dict())
        save_model(path, Generator(TINY), card)
        _GOOD["own.safetensors"] = path.read_bytes()
    settings, values = tensorflow_files.settings(TINY), tensorflow_files.variables(TINY)
    _GOOD["tensorflow.pkl"] = tensorflow_files.tensorflow_pickle(settings, values)
    state = rosinality_state()
    content = {"g": state, "g_ema": state, "latent_avg": torch.zeros(8), "args": {"size": 8}}
    _GOOD["rosinality.pt"] = _saved(content)
    _GOOD["rosinality-old.pt"] = _saved(content, _use_new_zipfile_serialization=False)
    net = dcgan.Generator(dcgan.DCGANConfig(resolution=16, z_dim=8, width=4))
    names = {name: name.replace("layers.", "main.") for name in net.state_dict()}
    _GOOD["dcgan.pth"] = _saved(OrderedDict((names[k], v) for k, v in net.state_dict().items()))
    return _GOOD


def _cuts() -> Iterator[tuple[str, Case]]:
    for name, data in good_files().items():
        for part in range(1, 16):
            yield (
                f"{part}/16 of {name}",
                Case(
                    Path(name).suffix,
                    data[: len(data) * part // 16],
                    "early|damaged|cannot be (used|read)|no model card",
                ),
            )
        yield f"all but a byte of {name}", Case(Path(name).suffix, data[:-1], "early|damaged|cannot be")
        yield (
            f"{name} from its middle",
            Case(
                Path(name).suffix,
                data[len(data) // 2 :],
                # Any bytes may come first: an old torch file names its data by addresses, longer or shorter each time.
                "damaged|no pickle|it contains|nothing but|not a safetensors|no model card|early|archive",
            ),
        )


def odd_weights(state: Mapping[str, torch.Tensor]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every weight once in every odd form: what was done, the state, what must be said."""
    for name, value in state.items():
        other = {key: entry for key, entry in state.items() if key != name}
        short = name.replace("synthesis.", "")
        if value.dim() > 1 and value.shape != value.transpose(0, 1).shape:
            yield f"{short} transposed", {**other, name: value.transpose(0, 1).contiguous()}, "cannot be"
        yield f"{short} of no dimensions", {**other, name: torch.tensor(1.0)}, "cannot be" if value.numel() > 1 else ""
        yield f"{short} of one entry more", {**other, name: torch.zeros(value.numel() + 1)}, "cannot be"
        for odd in ("nan", "inf"):
            broken = value.clone().double()
            broken.view(-1)[-1] = float(odd)
            yield f"{short} with {odd}", {**other, name: broken.float()}, "no numbers"
        yield f"{short} missing", other, "cannot be"
        yield f"{short} in whole numbers", {**other, name: value.to(torch.int32)}, "cannot be"


def _weights() -> Iterator[tuple[str, Case]]:
    optional = ("noises.",)
    for what, state, said in odd_weights(rosinality_state()):
        if said and not (what.startswith(optional) and what.endswith("missing")) and "bias transposed" not in what:
            yield f"rosinality, {what}", Case(".pt", _saved({"g_ema": state, "latent_avg": torch.zeros(8)}), said)
    state = rosinality_state()
    for what, odd, said in (
        ("complex", torch.zeros(8, 4, dtype=torch.complex64), r"torch\.ComplexFloatStorage"),
        ("sparse", torch.eye(8).to_sparse(), r"torch\._utils\._rebuild_sparse_tensor|torch\.serialization"),
        (
            "quantised",
            torch.quantize_per_tensor(torch.eye(8), 0.1, 0, torch.quint8),
            r"torch\.per_tensor_affine|QUInt8|_rebuild_qtensor",
        ),
        ("meta", torch.empty(8, 8, device="meta"), r"_rebuild_meta_tensor_no_storage"),
        ("8-bit", torch.zeros(8, 8).to(torch.float8_e4m3fn), "torch"),
        ("a text", "eight", "cannot be used"),
    ):
        yield f"rosinality, {what}", Case(".pt", _saved({"g_ema": {**state, "style.1.weight": odd}}), said)
    yield (
        "rosinality, an extra layer",
        Case(
            ".pt",
            _saved({"g_ema": {**state, "style.9.extra": torch.zeros(2)}, "latent_avg": torch.zeros(8)}),
            "cannot be",
        ),
    )
    yield (
        "rosinality, an average of odd shape",
        Case(".pt", _saved({"g_ema": state, "latent_avg": torch.zeros(7)}), "cannot be"),
    )
    yield (
        "rosinality, an average that is no number",
        Case(".pt", _saved({"g_ema": state, "latent_avg": torch.full((8,), float("nan"))}), "no numbers"),
    )
    one = torch.zeros(1)
    layers = {f"style.{n}.weight": one for n in range(1, 20_000)}
    yield "rosinality, 20,000 layers", Case(".pt", _saved({"g_ema": {**state, **layers}}), "cannot be|same numbers")
    yield (
        "rosinality, promises of a giant",
        Case(".pt", _saved({"g_ema": _giant(rosinality_shapes(GIANT)), "latent_avg": torch.zeros(8)}), "its widths"),
    )
    names = nvidia_names(TINY)
    with_files = [(what, odd) for what, odd, said in odd_weights(filled(names)) if said]
    for what, odd in with_files:
        # Buffers of NVIDIA's may be whole numbers. The rest is as with rosinality's, so that these three are enough.
        if not what.endswith(("transposed", "missing", "nan", "affine.weight in whole numbers")):
            continue
        yield f"NVIDIA, {what}", Case(".pkl", _nvidia(odd), "cannot be|whole numbers")
    extra = {**filled(names), "synthesis.b8.conv9.weight": torch.zeros(4)}
    yield "NVIDIA, an extra layer", Case(".pkl", _nvidia(extra), "cannot be")
    yield "NVIDIA, promises of a giant", Case(".pkl", _nvidia(_giant(nvidia_names(GIANT))), "its widths")
    values = {name: value.numpy() for name, value in _giant(tensorflow_shapes(GIANT)).items()}
    yield (
        "TensorFlow, promises of a giant",
        Case(".pkl", tensorflow_files.tensorflow_pickle(tensorflow_files.settings(GIANT), values), "its widths"),
    )
    yield "NVIDIA, a layer called ../x", Case(".pkl", _nvidia({**filled(names), "../x": torch.zeros(4)}), "cannot be")
    dcgan_state = torch.load(io.BytesIO(good_files()["dcgan.pth"]), weights_only=True)
    for what, odd_state, said in odd_weights({k: v for k, v in dcgan_state.items() if v.is_floating_point()}):
        if said:
            counts = {k: v for k, v in dcgan_state.items() if not v.is_floating_point()}
            last = f"main.{max(int(k.split('.')[1]) for k in dcgan_state)}.bias"
            if what != f"{last} missing":  # the example of PyTorch has none there
                yield f"DCGAN, {what}", Case(".pth", _saved({**odd_state, **counts}), "cannot be|no StyleGAN2")


def _nvidia(weights: Mapping[str, torch.Tensor]) -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "n.pkl"
        write_nvidia(path, nvidia_network(TINY, weights))
        return path.read_bytes()


GIANT = StyleGAN2Config(resolution=64, z_dim=8, w_dim=8, mapping_layers=1, channel_base=2**18, channel_max=4096)
"""5 GB of weights."""


def tensorflow_shapes(config: StyleGAN2Config) -> dict[str, torch.Size]:
    return {name: torch.Size(shape) for name, shape in tensorflow_files.shapes(config).items()}


def _giant(shapes: Mapping[str, torch.Size]) -> dict[str, torch.Tensor]:
    """All weights, but only as much of them as the sizes of a network are told from."""
    made = {}
    for name, shape in shapes.items():
        whole = name.endswith(("const", "input.input"))
        last = name.endswith(("b64.conv1.weight", "convs.7.conv.weight", "64x64/Conv1/weight"))
        kept = [n if whole or (last and n == 4096 and place != 2) else 1 for place, n in enumerate(shape)]
        made[name] = torch.zeros(kept)
    return made


# ---- safetensors


def header(content: bytes, data: bytes = b"", length: int | None = None) -> bytes:
    return struct.pack("<Q", len(content) if length is None else length) + content + data


def _safetensors() -> Iterator[tuple[str, Case]]:
    good = good_files()["own.safetensors"]
    length = int.from_bytes(good[:8], "little")
    table_of, data = json.loads(good[8 : 8 + length]), good[8 + length :]
    card = json.loads(table_of["__metadata__"][CARD_KEY])
    first = next(name for name in table_of if name != "__metadata__")

    def changed(name: str = first, raw: bytes = data, **entry: Any) -> bytes:
        return header(json.dumps({**table_of, name: {**table_of[name], **entry}}).encode(), raw)

    def carded(**changes: Any) -> bytes:
        meta = {CARD_KEY: json.dumps({**card, **changes})}
        return header(json.dumps({**table_of, "__metadata__": meta}).encode(), data)

    said_of_all = "cannot be|no model card|not a safetensors|damaged|ends too early|not opened"

    def st(content: bytes, said: str = said_of_all) -> Case:
        return Case(".safetensors", content, said)

    yield "header of 2^60", st(header(b"{}", length=2**60))
    yield "header of -1", st(header(b"{}", length=2**64 - 1))
    yield "header longer than the file", st(header(good[8 : 8 + length], length=length + 10**6))
    yield "header of no length", st(header(b"", b"x", length=0))
    yield "header of a list", st(header(b"[" + b"[]," * 100 + b"1]"))
    yield "header of many lists", st(header(b'{"a":[' + b"[]," * 10**6 + b"1]}"))
    yield "deep JSON lists", st(header(b"[" * 100_000 + b"]" * 100_000))
    yield "deep JSON tables", st(header(b'{"a":' * 100_000 + b"1" + b"}" * 100_000))
    yield "a header in UTF-16", st(header(good[8 : 8 + length].decode().encode("utf-16")))
    yield "a header of noise", st(header(np.random.RandomState(2).bytes(1000)))
    yield "a number of many digits", st(header(b'{"a":' + b"9" * 10**5 + b"}"))
    yield (
        "no card",
        st(header(json.dumps({**table_of, "__metadata__": {}}).encode(), data), "no model card|without its card"),
    )
    yield "a card of another kind", st(header(json.dumps({**table_of, "__metadata__": {CARD_KEY: 5}}).encode(), data))
    yield "metadata of another kind", st(header(json.dumps({**table_of, "__metadata__": [1]}).encode(), data))
    twice = good[8 : 8 + length].rstrip()[:-1] + b"," + json.dumps({first: table_of[first]}).encode()[1:]
    yield "a name twice", st(header(twice, data))
    second = json.dumps({"__metadata__": table_of["__metadata__"]}).encode()[1:]
    yield "two cards", st(header(good[8 : 8 + length].rstrip()[:-1] + b"," + second, data))
    begin, end = table_of[first]["data_offsets"]
    for name, offsets in {
        "outside": [begin, 2**60],
        "before the beginning": [-4, end],
        "the wrong way": [end, begin],
        "of texts": ["0", "4"],
        "of fractions": [0.5, 4.5],
        "of one": [begin],
        "overlapping": [0, len(data)],
        "missing": None,
    }.items():
        yield f"offsets {name}", st(changed(data_offsets=offsets))
    for name, shape in {
        "negative": [-1, 8],
        "huge": [2**60],
        "overflowing": [2**32, 2**32, 2**32],
        "of texts": ["8"],
        "of a number": 8,
        "of nothing": [],
        "of another size": [1],
    }.items():
        yield f"shapes {name}", st(changed(shape=shape))
    for kind in ("F16", "BF16", "F64", "I32", "BOOL", "C64", "F8_E4M3", "OBJECT", "", 5):
        yield f"number format {kind}", st(changed(dtype=kind))
    yield "an entry that is a number", st(header(json.dumps({**table_of, first: 5}).encode(), data))
    yield "bytes left over", st(good + b"x" * 100)
    yield "bytes before", st(b"\x00" + good)
    nan = bytearray(good)
    nan[8 + length + begin : 8 + length + begin + 4] = struct.pack("<f", float("nan"))
    yield "numbers that are none", st(bytes(nan), "no numbers")
    for name, config in {
        "a resolution of 2^40": {"resolution": 2**40},
        "a resolution of 24": {"resolution": 24},
        "a negative resolution": {"resolution": -8},
        "a million layers": {"mapping_layers": 10**6},
        "a width of 2^30": {"channel_max": 2**30, "channel_base": 2**30},
        "another width": {"w_dim": 16},
        "no channels": {"channel_base": 1},
        "labels that are not there": {"labels": 3},
        "an unknown word": {"wings": 2},
        "a digit string of length 4000": {"resolution": 10**3999},
    }.items():
        yield f"a card of {name}", st(carded(config={**TINY.to_dict(), **config}), "cannot be|no model card")
    yield "a card of DCGAN", st(carded(architecture="dcgan"), "cannot be")
    yield "a card of a newer version", st(carded(version=99), "newer Latent Studio")
    yield "a card of an unknown kind", st(carded(architecture="os.system"), "unknown kind")
    yield "a card without a name", st(carded(name=None), "no model card")
    yield "a card of a long name", st(carded(name="x" * 10**5), "no model card")
    yield (
        "a card of deep notes",
        st(
            header(
                json.dumps(
                    {
                        **table_of,
                        "__metadata__": {
                            CARD_KEY: '{"name":"x","metrics":' + '{"a":' * 10**4 + "1" + "}" * 10**4 + "}"
                        },
                    }
                ).encode(),
                data,
            ),
            "no model card",
        ),
    )
    for name in list(table_of):
        if name != "__metadata__":
            rest = {key: entry for key, entry in table_of.items() if key != name}
            yield f"without {name}", st(header(json.dumps(rest).encode(), data))
            renamed = {(key if key != name else "unknown"): entry for key, entry in table_of.items()}
            yield f"{name} renamed", st(header(json.dumps(renamed).encode(), data))


GROUPS: dict[str, Callable[[], Iterator[tuple[str, Case]]]] = {
    "calls": _calls,
    "tricks of the machine": _tricks,
    "numbers": _numbers,
    "archives": _archives,
    "other files": _others,
    "cut files": _cuts,
    "odd weights": _weights,
    "safetensors": _safetensors,
}


def cases() -> dict[str, dict[str, Case]]:
    """All hostile files by group and name."""
    made: dict[str, dict[str, Case]] = {}
    for group, make in GROUPS.items():
        pairs = list(make())
        made[group] = dict(pairs)
        assert len(made[group]) == len(pairs), "a name twice"
    return made
