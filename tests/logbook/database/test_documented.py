import re
from pathlib import Path

from conftest import ROOT
from paceport.logbook.database.store import Store
from paceport.logbook.database.views import VIEW_NAMES

PAGE: Path = ROOT / "docs" / "reference" / "logbook.md"


def test_the_page_names_every_column_of_every_view_and_no_other(store: Store) -> None:
    text = PAGE.read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    named = {title: set(re.findall(r"`([a-z_0-9]+)`", section)) for title, section in _by_view(sections).items()}
    values = {"own", "cache", "both", "position", "setting", "device", "strava", "unknown", "gap"} | set(VIEW_NAMES)

    columns = {
        name: {column[0] for column in store.connection.execute(f"SELECT * FROM {name}").description}
        for name in VIEW_NAMES
    }

    assert named.keys() == columns.keys()
    for name in VIEW_NAMES:
        assert columns[name] <= named[name], name
    # Two views share one section, so strangers are looked for over all of them.
    assert set().union(*named.values()) - values <= set().union(*columns.values())


def _by_view(sections: list[str]) -> dict[str, str]:
    return {name: section for section in sections for name in re.findall(r"`(\w+)`", section.split("\n", 1)[0])}
