"""What is known of the files that `shared_file` gives."""

import pytest

from conftest import SharedFiles
from makers.known_facts import ExportFacts, Facts, RunFacts
from makers.real_file_twins import FACTS as OF_TWINS
from real.stated_facts import FACTS as OF_ORIGINALS


@pytest.fixture(scope="session")
def facts(shared_file: SharedFiles) -> Facts:
    """Figures of these files that no code of ours made: stated for the originals, known to the twins' makers."""
    return OF_TWINS if shared_file.are_twins else OF_ORIGINALS


@pytest.fixture
def export(facts: Facts) -> ExportFacts:
    return facts.export


@pytest.fixture
def archive_run(facts: Facts) -> RunFacts:
    """The run in the export."""
    return facts.runs[f"export/{facts.export.file}"]
