"""How moto is corrected: methods are added to its classes where it lacks an action, or wrapped where it distorts one.

Sources are given by the name of the action or type in the AWS API reference, whose pages are
https://docs.aws.amazon.com/<service>/latest/APIReference/API_<name>.html.
"""

import functools
import inspect
import os

ACCOUNT = os.environ["MOTO_ACCOUNT_ID"]


def added(cls):
    """Adds a method; fails when moto has learnt it, because then the correction has to go."""

    def place(method):
        assert not hasattr(cls, method.__name__), f"moto has {cls.__name__}.{method.__name__} now"
        setattr(cls, method.__name__, method)
        return method

    return place


def wrapped(cls):
    """Replaces the method of the same name by a function that gets the original as its first argument."""

    def place(method):
        original = getattr(cls, method.__name__)
        inner = functools.wraps(original)(lambda *args, **kwargs: method(original, *args, **kwargs))
        is_static = isinstance(cls.__dict__.get(method.__name__), staticmethod)
        setattr(cls, method.__name__, staticmethod(inner) if is_static else inner)
        return inner

    return place


def after_init(cls):
    """Runs a function after the constructor of a class, with the arguments of the constructor by name."""

    def place(function):
        original = cls.__init__
        signature = inspect.signature(original)

        @functools.wraps(original)
        def init(self, *args, **kwargs):
            original(self, *args, **kwargs)
            named = signature.bind(self, *args, **kwargs).arguments
            named.update(named.pop("kwargs", {}))
            function(**named)

        cls.__init__ = init
        return function

    return place
