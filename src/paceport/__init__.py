"""A Strava token that keeps working, and your whole running history, on your own machine.

The names below are the public ones; everything else may change. They are found on first use, so that importing this
costs nothing. What each of them is for: docs/reference/python.md.
"""

__version__: str
# As type checkers read it, without the import of typing that every start of the program would pay for.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from paceport import adapters
    from paceport.api.client.request_options import refuse_left_out
    from paceport.api.models.decoding import LeftOut
    from paceport.errors import (
        AnswerLost,
        ApiError,
        AppCredentialsWrong,
        AppInactive,
        AppMismatch,
        AuthError,
        BadRequest,
        Busy,
        CapacityReached,
        CodeRefused,
        FileError,
        GatewayAnswer,
        LoginDenied,
        LoginNeeded,
        LoginTimeout,
        MissingExtra,
        NetworkError,
        NotFound,
        NotSent,
        OriginMismatch,
        PaceportError,
        RateLimited,
        RedirectRefused,
        ScopeMissing,
        StoreChanged,
        StoreError,
        StoreTooNew,
        StoreUnreadable,
        StoreUnsafe,
        StoreUnwritable,
        StravaDown,
        SubscriptionNeeded,
        TokenRefused,
        UnexpectedAnswer,
        UsageError,
    )
    from paceport.profile.listing import Listing
    from paceport.profile.open_profile import open  # noqa: A004  # paceport.open() reads as what it does
    from paceport.profile.profile import Profile
    from paceport.scopes import Scopes
    from paceport.secret import AccessToken
    from paceport.training.history.run import Run

__all__ = [
    "AccessToken",
    "AnswerLost",
    "ApiError",
    "AppCredentialsWrong",
    "AppInactive",
    "AppMismatch",
    "AuthError",
    "BadRequest",
    "Busy",
    "CapacityReached",
    "CodeRefused",
    "FileError",
    "GatewayAnswer",
    "LeftOut",
    "Listing",
    "LoginDenied",
    "LoginNeeded",
    "LoginTimeout",
    "MissingExtra",
    "NetworkError",
    "NotFound",
    "NotSent",
    "OriginMismatch",
    "PaceportError",
    "Profile",
    "RateLimited",
    "RedirectRefused",
    "Run",
    "ScopeMissing",
    "Scopes",
    "StoreChanged",
    "StoreError",
    "StoreTooNew",
    "StoreUnreadable",
    "StoreUnsafe",
    "StoreUnwritable",
    "StravaDown",
    "SubscriptionNeeded",
    "TokenRefused",
    "UnexpectedAnswer",
    "UsageError",
    "adapters",
    "open",
    "refuse_left_out",
]

if not TYPE_CHECKING:  # else every misspelt name would pass a type checker

    def __getattr__(name: str) -> object:
        """A public name, on its first use."""
        if name == "__version__":
            from importlib.metadata import version

            return version("paceport")
        if name not in __all__:
            raise AttributeError(f"module 'paceport' has no attribute {name!r}")
        from importlib import import_module

        if name == "adapters":
            return import_module("paceport.adapters")
        homes = {
            "AccessToken": "paceport.secret",
            "LeftOut": "paceport.api.models.decoding",
            "Listing": "paceport.profile.listing",
            "Profile": "paceport.profile.profile",
            "Run": "paceport.training.history.run",
            "Scopes": "paceport.scopes",
            "open": "paceport.profile.open_profile",
            "refuse_left_out": "paceport.api.client.request_options",
        }
        found: object = getattr(import_module(homes.get(name, "paceport.errors")), name)
        return found


def __dir__() -> list[str]:
    return __all__
