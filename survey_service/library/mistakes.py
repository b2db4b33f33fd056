"""Every value in a file that is not what is expected there, not only the first.

The types say what is expected; a value is held against its own, so that each mistake is found beside
the others. What stands under a key that nobody knows is left alone.
"""

from collections.abc import Iterator
from functools import reduce
from itertools import islice
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from survey_service.library.documents import explained
from survey_service.maturity.checking.findings import Place

MOST = 200
"""Mistakes that are told; who makes more has mistaken the format."""


class Mistake(Struct, frozen=True):
    """Where a value is not as expected, the reason (`problem.…`), and its details."""

    place: Place
    reason: str
    details: dict[str, str]


def mistakes_in(values: object, type_: Any) -> list[Mistake]:
    """Return what keeps values from being of a type, in the order of the file."""
    found = list(islice(_wrong(values, type_, ()), MOST))
    return found or list(_by_itself(values, type_, ()))


def without(values: object, found: list[Mistake]) -> object:
    """Return values without the keys that nobody knows, which is all that was found."""
    return reduce(_without, (mistake.place for mistake in found), values)


def _without(values: Any, place: Place) -> Any:
    step, *rest = place
    if isinstance(values, list):
        return [
            _without(each, tuple(rest)) if at == step else each for at, each in enumerate(values)
        ]
    if rest:
        return values | {step: _without(values[step], tuple(rest))}
    return {key: each for key, each in values.items() if key != step}


def _wrong(value: object, type_: Any, place: Place) -> Iterator[Mistake]:
    type_ = _fitting(value, type_)
    bare = _bare(type_)
    kind = get_origin(bare)
    if isinstance(value, dict) and isinstance(bare, type) and issubclass(bare, Struct):
        yield from _fields(value, bare, place)
    elif isinstance(value, dict) and kind is dict:
        key_type, each_type = get_args(bare)
        for key, each in value.items():
            yield from _by_itself(key, key_type, (*place, key))
            yield from _wrong(each, each_type, (*place, key))
    elif isinstance(value, list) and kind is tuple:
        yield from _by_itself([None] * len(value), _of_anything(type_), place)
        for at, each in enumerate(value):
            yield from _wrong(each, get_args(bare)[0], (*place, at))
    elif kind is Literal and isinstance(value, str) and value not in get_args(bare):
        details = {"found": f"'{value}'", "expected": ", ".join(map(str, get_args(bare)))}
        yield Mistake(place, "choice_of", details)
    else:
        yield from _by_itself(value, type_, place)


def _fields(values: dict[str, object], type_: type[Struct], place: Place) -> Iterator[Mistake]:
    """Find keys that are missing, unknown, or hold what they should not."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(type_)}
    for key, value in values.items():
        if key in fields:
            yield from _wrong(value, fields[key].type, (*place, key))
        else:
            yield Mistake((*place, key), "unknown", {})
    for key, field in fields.items():
        if field.required and key not in values:
            yield Mistake((*place, key), "missing", {})


def _bare(type_: Any) -> Any:
    """Return a type without limits, and without being allowed to be missing."""
    if get_origin(type_) is Annotated:
        return _bare(get_args(type_)[0])
    if get_origin(type_) in {Union, UnionType}:
        there = [each for each in get_args(type_) if each is not NoneType]
        return _bare(there[0]) if len(there) == 1 else type_
    return type_


def _fitting(value: object, type_: Any) -> Any:
    """Return of several types the one that a value has the form of; all of them where none is."""
    bare = _bare(type_)
    if get_origin(bare) not in {Union, UnionType}:
        return type_
    return next((one for one in get_args(bare) if _has_form(value, _bare(one))), type_)


def _has_form(value: object, bare: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(bare, type) and issubclass(bare, Struct)
    kind = tuple if isinstance(value, list) else Literal if isinstance(value, str) else None
    return kind is not None and get_origin(bare) is kind


def _of_anything(type_: Any) -> Any:
    """Return the type of a list with the limits of its own, whatever it holds."""
    if get_origin(type_) is Annotated:
        _, *limits = get_args(type_)
        return Annotated[(tuple[Any, ...], *limits)]
    return tuple[Any, ...]


def _by_itself(value: object, type_: Any, place: Place) -> Iterator[Mistake]:
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        below, reason, details = explained(error)
        yield Mistake((*place, *below), reason, details)
