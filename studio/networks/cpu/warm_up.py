"""Compiling all fast forms at once, so that the first picture does not wait for it."""

from __future__ import annotations

from studio.networks.cpu import kernels, training_conv, vgg, winograd


def warm_up() -> None:
    """Compile everything now (some seconds, once); later processes find it on the disk."""
    with kernels.LOCK:
        winograd.compile_kernels()
        vgg.compile_kernels()
        training_conv.compile_kernels()
        kernels.compile_kernels()
