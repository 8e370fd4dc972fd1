"""`NamedTuple` as in `typing`, whose classes are made twenty times as quickly: a start makes dozens of them.

`typing.NamedTuple` compiles a constructor for every class; here all share one. To type checkers it is the one of
`typing`. Instances made with keywords are made more slowly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import _tuplegetter

    _make = tuple.__new__

    _LACKING = object()

    def _new(cls, /, *given, **named):
        count = len(given)
        if not named and count == len(cls._fields):
            return _make(cls, given)
        if count < cls._required or named or count > len(cls._fields):
            return _make(cls, _bound(cls, given, named))
        return _make(cls, given + cls._defaults[count - len(cls._fields) :])

    def _bound(cls, given, named):
        """The values in the order of the fields; TypeError as of any function."""
        count, places = len(given), cls._places
        if count > len(cls._fields):
            message = f"{cls.__name__}() takes {len(cls._fields)} arguments but {count} were given"
            raise TypeError(message)
        values = [*given, *((_LACKING,) * cls._required + cls._defaults)[count:]]
        for name, value in named.items():
            place = places.get(name, -1)
            if place < count:
                raise TypeError(f"{cls.__name__}() got an unexpected or a second argument {name!r}")
            values[place] = value
        for name, value in zip(cls._fields[: cls._required], values, strict=False):
            if value is _LACKING:
                raise TypeError(f"{cls.__name__}() lacks the argument {name!r}")
        return values

    def _replace(self, /, **changes):
        """The same with other values in some fields."""
        values = list(self)
        for name, value in changes.items():
            if name not in self._places:
                raise ValueError(f"Got unexpected field names: {[name]!r}")
            values[self._places[name]] = value
        return _make(type(self), values)

    def _asdict(self):
        return dict(zip(self._fields, self, strict=True))

    def _values(self):
        return tuple(self)

    def _repr(self):
        facts = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({facts})"

    class _Maker(type):
        def __new__(cls, name, bases, space):
            if not bases:
                return type.__new__(cls, name, bases, space)
            fields = tuple(space.get("__annotations__", ()))
            defaults = {field: space.pop(field) for field in fields if field in space}
            if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f"{name}: a field without a default follows one with a default")
            own = {
                "__slots__": (),
                "__new__": _new,
                "__repr__": _repr,
                "__match_args__": fields,
                "__getnewargs__": _values,
                "_make": classmethod(_make),
                "_replace": _replace,
                "_asdict": _asdict,
                "_fields": fields,
                "_field_defaults": defaults,
                "_defaults": tuple(defaults.values()),
                "_required": len(fields) - len(defaults),
                "_places": {field: place for place, field in enumerate(fields)},
            }
            getters = {field: _tuplegetter(place, "") for place, field in enumerate(fields)}
            return type(name, (tuple,), {**own, **getters, **space})

    class NamedTuple(metaclass=_Maker):
        """The base of the classes; none of them is a subclass of it."""
