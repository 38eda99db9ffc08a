"""A graphics card for machines without one: tensors "on cuda" have shapes, dtypes and a device, and no numbers.

Inside of :func:`fake_card` torch believes in one CUDA device. What runs on the processor runs as always; what is put on
the device becomes a tensor of torch's ``FakeTensorMode``, and every operation on it is checked as the card would: all
tensors on one device, dtypes that fit, random numbers from a generator of that device, none handed to numpy from there.
What comes back to the processor has the right shape and dtype, and made-up numbers; so has what is chosen by numbers
(of a mask, every place).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import torch
from torch import nn
from torch._subclasses.fake_tensor import (
    DataDependentOutputException,
    DynamicOutputShapeException,
    FakeTensor,
    FakeTensorMode,
)
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_map

CARD = torch.device("cuda", 0)
# Autograd's C++ asks the driver about tensors that say "cuda" to it. This name is one that it has no opinion about.
CARRIER = torch.device("lazy", 0)
MEMORY = 8 * 2**30

# Kernels of the card that multiply matrices or convolve want one dtype; without numbers torch does not check it.
_ONE_DTYPE = (
    "mm", "addmm", "bmm", "baddbmm", "dot", "mv", "addmv", "convolution", "convolution_backward", "grid_sampler_2d",
    "_cdist_forward", "lerp", "lerp_",
)  # fmt: skip
# Not there in half precision on a card.
_WIDE = ("_linalg_eigh", "_linalg_svd", "linalg_qr", "linalg_cholesky_ex", "linalg_inv_ex", "_linalg_solve_ex")
_NARROW = (torch.float16, torch.bfloat16)


def made_up(tensor: torch.Tensor) -> torch.Tensor:
    """A tensor on the processor of the same shape and dtype: true, 0 or 1/2 everywhere."""
    filling: float | bool = 0.5 if tensor.dtype.is_floating_point or tensor.dtype.is_complex else 0
    filling = True if tensor.dtype == torch.bool else filling
    return torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype, device="cpu").fill_(filling)


class FakeCardMode(FakeTensorMode):
    """Lets operations on the processor through, and does those on the card without numbers."""

    avoid_device_init = True  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__(allow_non_fake_inputs=True)
        self._depth = 0
        self.cast: set[int] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run one operation."""
        if func is torch.ops.prim.device.default:
            device = args[0].fake_device
            if device.type != "cuda":
                return device
            return CARD if id(args[0]) in self.cast and not torch.is_autocast_enabled("cuda") else CARRIER
        kwargs = {name: _named_right(value) for name, value in (kwargs or {}).items()}
        args = tuple(_named_right(value) for value in args)
        if self._depth:  # a part of an operation on the card
            return super().__torch_dispatch__(func, types, args, kwargs)
        leaves = _leaves((*args, *kwargs.values()))
        on_card = [leaf for leaf in leaves if isinstance(leaf, FakeTensor)]
        if not on_card and not any(isinstance(leaf, torch.device) and leaf.type == "cuda" for leaf in leaves):
            return func(*args, **kwargs)
        if func is torch.ops.aten._local_scalar_dense.default:
            return made_up(args[0]).item()
        if func is torch.ops.aten.copy_.default and not isinstance(args[0], FakeTensor):
            return args[0].copy_(made_up(args[1]))
        _check_dtypes(func, on_card)
        self._depth += 1
        try:
            done = super().__torch_dispatch__(func, types, args, kwargs)
        except (DynamicOutputShapeException, DataDependentOutputException):
            # How much comes out depends on the numbers: on the made-up ones, then.
            stored = tree_map(_stored, (args, kwargs))
            done = tree_map(self._on_card, func(*stored[0], **stored[1]))
        finally:
            self._depth -= 1
        return _landed(done) if isinstance(done, torch.Tensor) else tree_map(_landed, done)

    def _on_card(self, value: object) -> object:
        """A tensor of the processor as one of the card."""
        if not isinstance(value, torch.Tensor) or isinstance(value, FakeTensor):
            return value
        return super().__torch_dispatch__(
            torch.ops.aten.empty_strided.default,
            (),
            (tuple(value.shape), value.stride()),
            {"dtype": value.dtype, "device": CARD},
        )


def _leaves(values: tuple[object, ...]) -> list[object]:
    """The arguments of an operation, those in lists one by one."""
    found: list[object] = []
    for value in values:
        found.extend(value) if isinstance(value, list | tuple) else found.append(value)
    return found


def _named_right(value: object) -> object:
    return CARD if isinstance(value, torch.device) and value.type == CARRIER.type else value


def _landed(value: object) -> object:
    return made_up(value) if isinstance(value, FakeTensor) and value.fake_device.type == "cpu" else value


def _stored(value: object) -> object:
    return made_up(value) if isinstance(value, FakeTensor) else value


def _check_dtypes(func: Any, on_card: list[FakeTensor]) -> None:
    """Refuse what a card refuses and torch, without numbers, does not."""
    name = func.overloadpacket.__name__
    kinds = {tensor.dtype for tensor in on_card}
    if name in _ONE_DTYPE and len(kinds) > 1:
        raise RuntimeError(f"{func}: expected one dtype, but got {sorted(map(str, kinds))}")
    if name in _WIDE and kinds & set(_NARROW):
        raise RuntimeError(f"{func} is not implemented for half precision on a card")


class FunctionMode(TorchFunctionMode):
    """What must be known of calls before they reach C++: generators, and the tensors that autocast may cast."""

    def __init__(self, mode: FakeCardMode) -> None:
        super().__init__()
        self._mode = mode
        self._leaves: dict[int, object] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call one function."""
        kwargs = kwargs or {}
        generator = kwargs.get("generator")
        if generator is not None:
            device = kwargs.get("device") or (args[0].device if isinstance(args[0], torch.Tensor) else "cpu")
            if torch.device(device).type != generator.device.type:
                raise RuntimeError(f"{func}: a generator of {generator.device} cannot make numbers on {device}")
        if not torch.is_autocast_enabled("cuda"):
            return func(*args, **kwargs)
        given = [leaf for leaf in _leaves((*args, *kwargs.values())) if isinstance(leaf, FakeTensor)]
        for tensor in given:
            # Autograd notes a leaf's device when it first meets it: that must not happen while it says "cuda".
            if tensor.is_leaf and tensor.requires_grad and id(tensor) not in self._leaves:
                self._leaves[id(tensor)] = (tensor, torch.autograd.graph.get_gradient_edge(tensor).node)
        before, self._mode.cast = self._mode.cast, {id(tensor) for tensor in given}
        try:
            return func(*args, **kwargs)
        finally:
            self._mode.cast = before


class CardGenerator(torch.Generator):
    """Random numbers of the processor, or of the card that is not there."""

    def __new__(cls, device: torch.device | str = "cpu") -> CardGenerator:
        """As torch's own."""
        made = super().__new__(cls, "cpu")
        made.belongs_to = torch.device(device)
        return made

    @property
    def device(self) -> torch.device:
        """The device whose numbers these are."""
        return self.belongs_to


def _apply(self: nn.Module, fn: Callable[[torch.Tensor], torch.Tensor], recurse: bool = True) -> nn.Module:
    """Stands for ``nn.Module._apply``, which would exchange tensors without numbers in a way that they do not allow."""
    for child in self.children() if recurse else ():
        child._apply(fn)
    for name, parameter in self._parameters.items():
        if parameter is None:
            continue
        with torch.no_grad():
            moved = fn(parameter)
        if isinstance(moved, FakeTensor) is isinstance(parameter, FakeTensor):
            parameter.data = moved
        else:
            self._parameters[name] = nn.Parameter(moved, parameter.requires_grad)
    for name, buffer in self._buffers.items():
        if buffer is not None:
            self._buffers[name] = fn(buffer)
    return self


@contextlib.contextmanager
def fake_card(*, bf16: bool = True) -> Iterator[torch.device]:
    """Within, there is a CUDA device of 8 GiB; yields it. ``bf16``: whether it has this number format (since 2020)."""
    card = SimpleNamespace(total_memory=MEMORY, major=8 if bf16 else 7, minor=0)
    answers: dict[str, Callable[..., Any]] = {
        "is_available": lambda: True,
        "is_initialized": lambda: False,
        "device_count": lambda: 1,
        "current_device": lambda: 0,
        "is_bf16_supported": lambda including_emulation=True: bf16 or including_emulation,
        "mem_get_info": lambda device=None: (MEMORY // 2, MEMORY),
        "memory_allocated": lambda device=None: MEMORY // 2,
        "get_device_name": lambda device=None: "A card that is not there",
        "get_device_properties": lambda device=None: SimpleNamespace(
            total_memory=MEMORY, major=8 if bf16 else 7, minor=0
        ),
        "get_device_capability": lambda device=None: (card.major, card.minor),
        "empty_cache": lambda: None,
        "synchronize": lambda device=None: None,
        "set_device": lambda device: None,
    }
    with contextlib.ExitStack() as stack:
        for name, answer in answers.items():
            stack.enter_context(patch.object(torch.cuda, name, answer))
        stack.enter_context(patch.object(torch.cuda.amp.common, "amp_definitely_not_available", lambda: False))
        stack.enter_context(patch.object(torch, "Generator", CardGenerator))
        stack.enter_context(patch.object(nn.Module, "_apply", _apply))
        save = torch.save
        stack.enter_context(patch.object(torch, "save", lambda state, path: save(tree_map(_stored, state), path)))
        # Whole operations come without numbers then, instead of their parts.
        stack.enter_context(patch.object(torch, "inference_mode", lambda mode=True: torch.no_grad()))
        # Otherwise torch takes kernels of cuDNN in places, which ask for the driver.
        stack.enter_context(torch.backends.cudnn.flags(enabled=False))
        mode = stack.enter_context(FakeCardMode())
        stack.enter_context(FunctionMode(mode))
        yield torch.device("cuda")
