"""Which modules are mutated, and by which tests their mutants are to be found: a table.

A group names only the tests that concern it, so that a mutant costs a second or two. Tests that start Python
anew say little here: that process runs the code as it stands. A forked one runs the mutant.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Modules, as patterns below `src/paceport`, and the tests that must notice a change in them, below `tests`."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    without: tuple[str, ...] = ()


_POSTGRES = ("oauth/token_store/postgres*.py", "api/rate_limit/postgres.py")

GROUPS = {
    "scopes": Group(("scopes.py",), ("test_scopes.py",)),
    "protocol": Group(("oauth/protocol/*.py",), ("oauth/protocol",)),
    "keeper": Group(
        ("oauth/keeper/*.py",),
        (
            "oauth/keeper/test_keeper.py",
            "oauth/keeper/test_recovery.py",
            "oauth/keeper/test_kept_login.py",
            "oauth/keeper/test_odd_answers.py",
            "oauth/keeper/test_refresh_request.py",
            "oauth/keeper/test_single_flight.py",
            "oauth/keeper/test_closing.py",
            "oauth/keeper/test_deferred_signals.py",
            "oauth/login/test_code_exchange.py",
        ),
    ),
    "stores": Group(
        ("oauth/token_store/*.py",),
        (
            "oauth/token_store/test_file.py",
            "oauth/token_store/test_keyring.py",
            "oauth/token_store/test_record.py",
        ),
        without=_POSTGRES,
    ),
    "rates": Group(
        ("api/rate_limit/*.py",),
        (
            "api/rate_limit/test_budget.py",
            "api/rate_limit/test_headers.py",
            "api/rate_limit/test_reservations.py",
            "api/rate_limit/test_reservations_at_edges.py",
            "api/rate_limit/test_file_budget.py",
        ),
        without=_POSTGRES,
    ),
    "splits": Group(("training/metrics/splits.py",), ("training/metrics/test_splits.py",)),
    "efforts": Group(
        ("training/metrics/best_efforts.py", "training/metrics/effort_search.py"),
        ("training/metrics/test_best_efforts.py",),
    ),
    "cleaning": Group(("training/cleaning/*.py",), ("training/cleaning",)),
    "postgres": Group(_POSTGRES, ("oauth/token_store/test_postgres.py", "api/rate_limit/test_postgres.py")),
}
