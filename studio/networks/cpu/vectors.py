"""Inner loops written in vectors of LANES numbers, where compilers find no such shape in a plain loop.

A function marked with :func:`inline` writes LLVM's code of one piece, with arithmetic that reads as usual; Numba puts
it in where it is called and compiles it for the processor at hand.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

# LLVM splits vectors that the processor has not.
WIDE = bool(binding.get_host_cpu_features().get("avx512f"))
LANES = 16 if WIDE else 8

_FLOAT = ir.FloatType()
INT = ir.IntType(64)
VECTOR = ir.VectorType(_FLOAT, LANES)
_FAST = ("fast",)


class Vector:
    """LANES numbers in a register of the code being written."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder = builder
        self.value = value

    def _other(self, other: Vector | float) -> Any:
        return other.value if isinstance(other, Vector) else ir.Constant(VECTOR, [other] * LANES)

    def __add__(self, other: Vector | float) -> Vector:
        return Vector(self.builder, self.builder.fadd(self.value, self._other(other), flags=_FAST))

    def __sub__(self, other: Vector | float) -> Vector:
        return Vector(self.builder, self.builder.fsub(self.value, self._other(other), flags=_FAST))

    def __mul__(self, other: Vector | float) -> Vector:
        return Vector(self.builder, self.builder.fmul(self.value, self._other(other), flags=_FAST))

    __rmul__ = __mul__

    def _choose(self, sign: str, other: Vector) -> Vector:
        first = self.builder.fcmp_ordered(sign, self.value, other.value, flags=_FAST)
        return Vector(self.builder, self.builder.select(first, self.value, other.value))

    def max(self, other: Vector) -> Vector:
        """The larger of each two numbers."""
        return self._choose(">", other)

    def min(self, other: Vector) -> Vector:
        """The smaller of each two numbers."""
        return self._choose("<", other)


class Code:
    """Writes code; integers and pointers are LLVM's values."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder

    def at(self, pointer: Any, *offsets: Any) -> Any:
        """``pointer`` moved by the sum of ``offsets``, numbers or values."""
        total = ir.Constant(INT, 0)
        for offset in offsets:
            total = self.builder.add(total, self.number(offset))
        return self.builder.gep(pointer, [total])

    def number(self, value: Any) -> Any:
        """An integer as a value."""
        return ir.Constant(INT, value) if isinstance(value, int) else value

    def times(self, a: Any, b: Any) -> Any:
        """The product of two integers."""
        return self.builder.mul(self.number(a), self.number(b))

    def load(self, pointer: Any, *offsets: Any) -> Vector:
        """LANES numbers."""
        place = self.builder.bitcast(self.at(pointer, *offsets), VECTOR.as_pointer())
        return Vector(self.builder, self.builder.load(place, align=4))

    def store(self, vector: Vector, pointer: Any, *offsets: Any) -> None:
        """LANES numbers."""
        place = self.builder.bitcast(self.at(pointer, *offsets), VECTOR.as_pointer())
        self.builder.store(vector.value, place, align=4)

    def spread(self, number: Any) -> Vector:
        """One number in all lanes."""
        zero = ir.Constant(ir.IntType(32), 0)
        first = self.builder.insert_element(ir.Constant(VECTOR, ir.Undefined), number, zero)
        everywhere = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return Vector(self.builder, self.builder.shuffle_vector(first, first, everywhere))

    def spread_from(self, pointer: Any, *offsets: Any) -> Vector:
        """One number of an array in all lanes."""
        return self.spread(self.builder.load(self.at(pointer, *offsets)))

    @contextmanager
    def steps(self, count: Any, step: int) -> Iterator[Any]:
        """A loop over 0, step, ... below ``count``."""
        loop = cgutils.for_range_slice(self.builder, self.number(0), count, self.number(step), INT)
        with loop as (index, _):
            yield index


def inline(write: Callable[..., None]) -> Any:
    """Make a function for Numba of one that writes code; arrays arrive as pointers, whole numbers as 64 bits."""

    def function(typingctx: Any, *arguments: Any) -> Any:
        kinds = [
            kind if isinstance(kind, types.Array) else types.float32 if isinstance(kind, types.Float) else types.intp
            for kind in arguments
        ]

        def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            write(
                Code(builder),
                *(
                    context.make_array(kind)(context, builder, value).data if isinstance(kind, types.Array) else value
                    for kind, value in zip(kinds, values, strict=True)
                ),
            )
            return context.get_dummy_value()

        return types.void(*kinds), code

    # Numba asks for names one by one.
    _, *names = inspect.signature(write).parameters.values()
    context = inspect.Parameter("typingctx", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    function.__signature__ = inspect.Signature([context, *names])  # type: ignore[attr-defined]
    function.__name__ = write.__name__
    function.__doc__ = write.__doc__
    return intrinsic(function)
