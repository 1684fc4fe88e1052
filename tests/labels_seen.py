"""What a browser shows of the labels below charts: asked of pages of the web application and of the report."""

from __future__ import annotations

# Of each chart with labels below it: its name, which of them are shown, and how far each is from the one before.
LABELS = """() => [...document.querySelectorAll("figure.chart svg.foot")].flatMap(foot => {
  const texts = [...foot.querySelectorAll("text")], name = foot.closest("figure").id;
  const shown = texts.map((text, number) => [number, text.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
  const steps = new Set(), touching = [];
  for (let one = 1; one < shown.length; one++) {
    steps.add(shown[one][0] - shown[one - 1][0]);
    if (shown[one][1].left <= shown[one - 1][1].right) touching.push(texts[shown[one][0]].textContent);
  }
  return foot.getBoundingClientRect().width ? [{ name, count: shown.length, all: texts.length,
    steps: [...steps], touching }] : [];
})"""


def odd_labels(found: list[dict[str, object]]) -> list[dict[str, object]]:
    """The charts whose labels touch each other, or of which one is missing between its neighbours."""
    return [one for one in found if one["touching"] or len(one["steps"]) > 1]  # type: ignore[arg-type]  # a list
