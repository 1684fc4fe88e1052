"""What the definition of a metric consists of."""

from __future__ import annotations

from collections.abc import Iterator

from paceport.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric in words. `name` is what `paceport explain-metric` takes and the anchor of its section.

    `version` counts the changes of its definition. `constants`, `edge_cases` and `examples` are sentences each.
    `convention` names the choice where tools differ.
    """

    name: str
    title: str
    definition: str
    formula: str
    unit: str
    constants: tuple[str, ...] = ()
    edge_cases: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    convention: str = ""
    source: str
    version: int = 1

    def lines(self) -> Iterator[str]:
        """The metric as Markdown without its heading, block by block, an empty line between blocks."""
        yield self.definition
        yield ""
        yield f"- Formula: {self.formula}"
        yield f"- Unit: {self.unit}"
        for label, sentences in (
            ("Constants", self.constants),
            ("Edge cases", self.edge_cases),
            ("Examples", self.examples),
        ):
            if sentences:
                yield f"- {label}: {' '.join(sentences)}"
        if self.convention:
            yield f"- Convention: {self.convention}"
        yield f"- Source: {self.source}"
        yield f"- Definition version: {self.version}"
