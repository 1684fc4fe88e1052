"""The command line of whichever release Python finds, with its clock ahead: `shifted_command.py SECONDS DEATH WORD…`.

DEATH is when the process kills itself in a refresh: `begun`, once the journal is begun; `answered`, before the answer
is written down; `kept`, once it is; `never`. This may use only what release 0.1.0 has as well, under either name.
"""

import importlib
import importlib.util
import os
import signal
import sys
from typing import Any

from paceport.cli.main import from_process, run
from paceport.clock import ShiftedClock


def main() -> int:
    """Run one command."""
    ahead_s, death, *words = sys.argv[1:]
    if death != "never":
        _arrange_death(death)
    invocation = from_process()
    invocation.clock = ShiftedClock(float(ahead_s))
    return run(words, invocation=invocation)


def _arrange_death(death: str) -> None:
    store, write_answer = _file_store()
    name = "begin_journal" if death == "begun" else write_answer
    write = getattr(store, name)

    def die(*arguments: object) -> None:
        if death != "answered":
            write(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(store, name, die)


def _file_store() -> tuple[Any, str]:
    """The token store that is a folder, and its method that writes the answer down, as this release names them."""
    if importlib.util.find_spec("paceport.oauth.token_store") is None:
        return importlib.import_module("paceport.oauth.vault.file").FileVault, "answer_journal"
    return importlib.import_module("paceport.oauth.token_store.file").FileTokenStore, "add_journal_answer"


if __name__ == "__main__":
    sys.exit(main())
