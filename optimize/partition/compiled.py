"""The decorator of the kernels: compiled by numba at the first call, kept on disk for the next process.

Only kernel modules import this one, and they are imported when first needed, because numba takes half a
second to load. Kernels take plain arrays and numbers, hence their many positional parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

__all__ = ["compiled"]

KernelT = TypeVar("KernelT", bound=Callable[..., object])


def compiled(kernel: KernelT) -> KernelT:
    """Return the kernel, compiled and cached."""
    return cast("KernelT", njit(cache=True)(kernel))
