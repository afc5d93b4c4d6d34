"""Refuses dicts in lists and maps, with the whole path to each.

Of a dict that stands in the place of a class, jsii makes that class. One in a list or a map it hands on as it is, and there
every key that is spelled as in Python is dropped without a word: {"name": "A", "value_from": ...} is a variable without a value.
"""

import collections.abc
import functools
import typing


def refuse_dicts(module: typing.Dict[str, typing.Any]) -> None:
    """In all classes of props, for what a construct is given comes to it by one of them."""
    for name, props in module.items():
        if name.endswith("Props"):
            props.__init__ = _refusing(props.__init__)


def _refusing(init: typing.Callable[..., None]) -> typing.Callable[..., None]:
    @functools.wraps(init)
    def checked(self: typing.Any, **members: typing.Any) -> None:
        init(self, **members)
        dicts = list(_dicts(self, ""))
        if dicts:
            problems = [f"  {path} = a dict: would lose its keys; write the class, such as k8s.EnvVar(...)" for path in dicts]
            raise TypeError("\n".join(["in lists and maps every object must be of its class", *problems]))

    return checked


def _dicts(value: typing.Any, path: str, in_list: bool = False) -> typing.Iterator[str]:
    members = getattr(value, "_values", None)
    if members is not None:
        for name, member in members.items():
            yield from _dicts(member, f"{path}.{name}" if path else name)
    elif isinstance(value, collections.abc.Mapping):
        if in_list:
            yield path
            return
        for key, member in value.items():
            yield from _dicts(member, f"{path}[{key!r}]", True)
    elif isinstance(value, (list, tuple)):
        for index, member in enumerate(value):
            yield from _dicts(member, f"{path}[{index}]", True)
