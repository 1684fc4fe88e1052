"""The login inside other libraries: `httpx`, `requests`, `stravalib`, each imported when it is named."""

# As type checkers read it; see paceport/__init__.py.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from paceport.adapters import httpx, requests, stravalib

__all__ = ["httpx", "requests", "stravalib"]

if not TYPE_CHECKING:  # else every misspelt name would pass a type checker

    def __getattr__(name: str) -> object:
        """An adapter. Raises MissingExtra where its library is not installed."""
        if name not in __all__:
            raise AttributeError(f"module 'paceport.adapters' has no attribute {name!r}")
        from importlib import import_module

        return import_module(f"paceport.adapters.{name}")
