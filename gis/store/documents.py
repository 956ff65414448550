"""Frozen records to JSON and back, by their annotations: settings, reports, answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["dump_record", "load_record"]

T = TypeVar("T")


def dump_record(record: object) -> str:
    """Write a record as canonical JSON: sorted keys for records, mappings in their own order."""
    return json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":"))


def load_record(kind: type[T], text: str) -> T:
    """Read a record of `kind` back."""
    record: T = _typed(kind, json.loads(text))
    return record


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "item"):  # a NumPy scalar that a measure let through
        return value.item()
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _typed(kind: Any, value: Any) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _one_of(args, value)
    if origin is tuple:
        return tuple(_typed(args[0], v) for v in value)
    if origin is not None and issubclass(origin, Mapping):
        return {k: _typed(args[1], v) for k, v in value.items()}
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _typed(hints[name], v) for name, v in value.items() if name in hints})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return float(value) if kind is float and isinstance(value, int) else value


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    """Read a value that may be of several kinds: None, a mapping, or a plain one."""
    if value is None and NoneType in kinds:
        return None
    rest = [k for k in kinds if k is not NoneType]
    if isinstance(value, dict):
        rest = [k for k in rest if is_dataclass(k) or get_origin(k) is not None] or rest
    else:
        rest = [k for k in rest if get_origin(k) is None] or rest
    return _typed(rest[0], value) if len(rest) == 1 else value
