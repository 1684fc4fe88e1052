"""The application over a real socket: what it says to its own pages, and what to everybody else."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from paceport.clock import ManualClock
from paceport.web.access import WRITE_TOKEN_HEADER
from paceport.web.assets_table import assets
from paceport.web.navigation import MAIN_PAGES, MENU
from paceport.web.page_table import PAGES
from web.conftest import HOSTILE_ID, NOW
from web.serving import Served, served

ADDRESSES = [path.replace("{run_id}", "1000") for path in PAGES]


class Links(HTMLParser):
    """Addresses and inline code of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self._is_code = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "action", "data", "srcset", "poster"):
                self.addresses.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")
        self._is_code = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._is_code = False

    def handle_data(self, text: str) -> None:
        if self._is_code and text.strip():
            self.inline.append(text)


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_page_is_whole_private_and_names_no_other_host(server: Served, path: str) -> None:
    answer = server.read(path)

    found = Links(answer.text)
    assert answer.status == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "'unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert found.inline == []
    assert [one for one in found.addresses if not one.startswith(("/", "#"))] == []
    assert answer.text.rstrip().endswith("</html>")


def test_the_training_page_and_that_of_a_run_show_what_samples_add(server: Served) -> None:
    training, run = server.read("/training").text, server.read("/runs/1000").text

    assert all(f'id="{name}"' in training for name in ("duration-curve", "hills", "distribution"))
    assert 'id="measures"' in run
    assert "Best by duration" in run


def test_the_page_of_a_run_says_which_of_its_times_do_not_count_and_why(server: Served) -> None:
    rejected, counted = server.read("/runs/1003").text, server.read("/runs/1000").text

    assert re.search(r"Not counted: 400 m in [0-9:]+, .* you rejected this run\.", rejected)
    assert "Not counted" not in counted


@pytest.mark.parametrize("path", [*ADDRESSES, "/runs.json", "/nowhere"])
def test_without_a_session_no_page_says_anything(server: Served, path: str) -> None:
    answer = server.ask(path)

    assert answer.status == 401
    assert "Loop" not in answer.text
    assert "press Enter" in answer.text


def test_a_name_that_was_made_to_point_here_gets_nothing(server: Served) -> None:
    answer = server.ask("/runs", headers={"Cookie": server.cookie}, host=f"evil.example:{server.port}")

    assert answer.status == 421
    assert "Loop" not in answer.text
    assert "set-cookie" not in answer.headers


def test_a_page_of_another_server_on_this_machine_gets_nothing(web_home: Path, server: Served) -> None:
    with served(web_home, ManualClock(NOW)) as other:
        both = f"{server.cookie}; {other.cookie}"
        embedded = server.ask(
            "/runs.json", headers={"Cookie": both, "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}
        )
        crossed = server.ask("/runs", headers={"Cookie": both, "Origin": other.origin})

        assert (embedded.status, crossed.status) == (403, 403)
        # Side by side in one browser, each with its own cookie.
        assert server.ask("/runs", headers={"Cookie": both}).status == 200
        assert other.ask("/runs", headers={"Cookie": both}).status == 200
        assert other.ask("/runs", headers={"Cookie": server.cookie}).status == 401
        assert other.ask(server.access.new_address().removeprefix(server.origin)).status == 401


def test_a_used_address_shows_how_to_get_another(server: Served) -> None:
    path = server.access.new_address().removeprefix(server.origin)

    first, second = server.ask(path), server.ask(path)

    assert "set-cookie" in first.headers
    assert second.status == 401
    assert "set-cookie" not in second.headers
    assert "press Enter" in second.text


def test_an_address_that_is_fetched_ahead_stays_unused(server: Served) -> None:
    path = server.access.new_address().removeprefix(server.origin)

    ahead = server.ask(path, headers={"Sec-Purpose": "prefetch"})

    assert ahead.status == 503
    assert server.ask(path).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_change_without_its_token_is_refused(server: Served, method: str) -> None:
    bare = server.ask("/runs", method, {"Cookie": server.cookie})
    ours = {"Cookie": server.cookie, "Origin": server.origin}
    wrong = server.ask("/runs", method, ours | {WRITE_TOKEN_HEADER: "wrong"})
    right = server.ask("/runs", method, ours | {WRITE_TOKEN_HEADER: server.write_token()})

    assert (bare.status, wrong.status) == (403, 403)
    assert right.status == 405  # let through; this page just cannot be changed


def test_one_session_cannot_write_with_the_token_of_another(server: Served) -> None:
    other = server.enter()

    answer = server.ask(
        "/runs", "POST", {"Cookie": other, "Origin": server.origin, WRITE_TOKEN_HEADER: server.write_token()}
    )

    assert answer.status == 403


def test_markup_in_names_stays_text(server: Served) -> None:
    for path in ("/", "/runs", f"/runs/{HOSTILE_ID}"):
        text = server.read(path).text

        assert "<img" not in text
        assert "<script>" not in text
        assert "&lt;script&gt;" in text or path == "/"
        assert "49" not in re.findall(r"onerror=&#34;[^&]*&#34;&gt;(\d+)", text)


def test_a_day_of_three_hundred_kilometres_has_a_page_like_any_other(server: Served) -> None:
    answer = server.read("/runs/1901")

    assert answer.status == 200
    assert ">300.0" in answer.text
    assert answer.text.count('<td class="bar-cell">') <= 160 + 5  # splits and zones
    assert "and 141 more</p>" in answer.text
    assert len(answer.text) < 200_000


@pytest.mark.parametrize("path", ["/training", "/runs/1900"])
def test_times_in_zones_say_where_the_zones_come_from(server: Served, path: str) -> None:
    text = unescape(server.read(path).text)

    assert "heart rate zone" in text.lower()
    assert re.search(r"The zones are those of (Strava's|your)[^<]+</p>", text)


@pytest.mark.parametrize("name", assets())
def test_an_asset_is_sent_once_and_then_only_confirmed(server: Served, name: str) -> None:
    mark = assets()[name].mark

    first = server.ask(f"/assets/{name}?v={mark}")
    again = server.ask(f"/assets/{name}", headers={"If-None-Match": first.headers["etag"]})

    assert first.status == 200
    assert "immutable" in first.headers["cache-control"]
    assert (again.status, again.text, again.headers["cache-control"]) == (304, "", "no-cache")


def test_parts_of_the_list_are_the_pages_of_the_list(server: Served) -> None:
    text = server.read("/runs?sort=distance").text
    part = json.loads(server.read("/runs.json?sort=distance&offset=0&limit=100").text)
    rest = json.loads(server.read("/runs.json?sort=distance&offset=10&limit=5").text)

    links = re.findall(r'<td class="name"><a href="([^"]+)">', text)
    assert links == [row[0] for row in part["rows"]]
    assert part["total"] == len(links) == 43
    assert rest["rows"] == part["rows"][10:15]
    assert rest["summary"] in text


@pytest.mark.parametrize(
    "path", ["/runs/1", "/runs/x", "/runs/-", "/runs/1e3", f"/runs/{'9' * 40}", "/runs/%00", "/no", "/assets/../app.py"]
)
def test_what_is_not_there_is_said_to_be_missing(server: Served, path: str) -> None:
    assert server.read(path).status == 404


@pytest.mark.parametrize(
    "query", ["page=99999", "page=-1", "year=0", "min=nan", "from=never", "sort=__class__", "q=" + "%ff" * 50]
)
def test_any_query_gets_a_list(server: Served, query: str) -> None:
    answer = server.read(f"/runs?{query}")

    assert answer.status == 200


def test_the_navigation_names_every_page_once(server: Served) -> None:
    named = [path for _, pages in (("", MAIN_PAGES), *MENU) for path, _ in pages]
    others = [path for path in named if path not in PAGES]

    assert sorted(set(named) - set(others)) == sorted(path for path in PAGES if "{" not in path)
    assert len(named) == len(set(named))
    assert {path: server.read(path).status for path in others} == dict.fromkeys(others, 200)


def test_an_empty_logbook_says_how_to_fill_it(tmp_path: Path) -> None:
    with served(tmp_path, ManualClock(NOW)) as empty:
        pages = [empty.read(path) for path in ADDRESSES if path != "/definitions"]

        assert {page.status for page in pages} == {200}
        assert all("paceport import export.zip" in page.text for page in pages)


def test_head_is_answered_without_a_body(server: Served) -> None:
    answer = server.ask("/runs", "HEAD", {"Cookie": server.cookie})

    assert (answer.status, answer.text) == (200, "")
