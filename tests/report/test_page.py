"""The file itself: what is in it, what must never be in it."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.report.build_page import ReportContent, build_page
from paceport.report.page import render
from paceport.report.report_page import ReportPage
from report.conftest import NOW
from report.logbooks import history_of, loop_streams, save

HOSTILE = [
    "<script>window.hurt = 1</script>",
    '"><img src=x onerror="window.hurt=1">',
    "</script></style></details></table><h1>gone",
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(1)//\x1b]0;title\x07",
    "x" * 10_000 + "<b>",
]


class Outline(HTMLParser):
    """Tags with their attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


@pytest.fixture(scope="session")
def text(forty_page: ReportPage) -> str:
    return render(forty_page)


@pytest.fixture(scope="session")
def outline(text: str) -> Outline:
    return Outline(text)


def test_nothing_outside_the_file_is_named_as_a_source(outline: Outline) -> None:
    for tag, attributes in outline.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "use", "image"}
        for name in ("src", "href", "xlink:href", "srcset", "action", "data"):
            value = attributes.get(name)
            assert value is None or value.startswith("#"), f"{tag} {name}={value}"


def test_style_asks_for_nothing(text: str) -> None:
    style = text.split("<style>")[1].split("</style>")[0]

    assert "url(" not in style
    assert "@import" not in style


def test_no_handler_and_no_style_stands_in_a_tag(outline: Outline) -> None:
    names = {name for _, attributes in outline.tags for name in attributes}

    assert not {name for name in names if name.startswith("on")}
    assert "style" not in names


@pytest.mark.parametrize("tag", ["style", "script"])
def test_the_policy_names_exactly_our_style_and_script(text: str, tag: str) -> None:
    content = text.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
    policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)[0].replace("&#39;", "'")

    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()

    assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_ids_are_unique_and_every_link_leads_somewhere(outline: Outline) -> None:
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]

    assert len(ids) == len(set(ids))
    links = {value for tag, attributes in outline.tags if tag == "a" and (value := attributes.get("href"))}
    days = re.compile(r"days-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d")  # the script lists the runs of these days
    assert {link[1:] for link in links if not days.fullmatch(link[1:])} <= set(ids)
    assert any(link.startswith("#def-") for link in links)


def test_every_chart_has_its_table_twin_with_a_row_for_each_place(text: str) -> None:
    figures = re.findall(r'<figure class="chart.*?</figure>', text, re.DOTALL)

    assert len(figures) > 10
    for figure in figures:
        assert 'class="twin"' in figure
        rows = figure.split("<tbody>")[1].count("<tr")
        assert rows >= 1
        apart = {int(row) for row in re.findall(r'data-row="(\d+)"', figure)}
        assert apart <= set(range(rows))


def test_every_chart_says_what_it_shows(outline: Outline) -> None:
    pictures = [attributes for _, attributes in outline.tags if attributes.get("role") == "img"]

    assert len(pictures) > 10
    assert all(attributes.get("aria-label") for attributes in pictures)


def test_no_path_holds_what_is_no_number(text: str) -> None:
    paths = re.findall(r' d="([^"]*)"', text)

    assert paths
    assert not [path for path in paths if re.search(r"nan|inf|None", path)]


def test_all_definitions_are_inside(outline: Outline, forty_page: ReportPage) -> None:
    ids = {attributes.get("id") for _, attributes in outline.tags}

    assert len(forty_page.metrics) > 20
    assert {f"def-{metric.name}" for metric in forty_page.metrics} <= ids


@pytest.fixture(scope="module")
def hostile_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("hostile")
    with Store(data_dir=place / "data", cache_dir=place / "cache", clock=ManualClock(NOW)) as store:
        for number, name in enumerate(HOSTILE):
            save(store, number, loop_streams(minutes=15.0), name=name, gear=name, device_name=name, description=name)
        page = build_page(store, history_of(store, ManualClock(NOW)), ReportContent())
        assert page is not None
        return render(page)


def test_hostile_names_stay_text(hostile_text: str, outline: Outline) -> None:
    hostile = Outline(hostile_text)

    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in outline.tags}
    assert hostile_text.count("<script>") == hostile_text.count("</script>") == 1
    assert hostile_text.count("</style>") == 1
    assert not {name for _, attributes in hostile.tags for name in attributes if name.startswith("on")}
    assert "&lt;script&gt;window.hurt" in hostile_text
    assert "{{ 7 * 7 }}" in hostile_text


def test_hostile_names_bring_no_control_character_and_no_flood(hostile_text: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", hostile_text)
    assert "x" * 100 not in hostile_text
