import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from paceport.oauth.login.result_page import CONSENT_RESULTS, ConsentResult, content_policy, result_page


class Tags(HTMLParser):
    """Start tags with their attributes, and whether every one was closed."""

    VOID = frozenset({"meta", "circle", "path"})

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("ending", CONSENT_RESULTS)
def test_the_page_is_whole_and_needs_nothing_from_elsewhere(ending: ConsentResult) -> None:
    tags = Tags()
    tags.feed(result_page(ending).decode())

    assert tags.open == []
    names = {name for name, _ in tags.seen}
    assert names.isdisjoint({"script", "link", "img", "iframe", "form", "a"})
    assert not any(
        name in {"src", "href", "style"} or name.startswith("on") for _, fields in tags.seen for name in fields
    )
    assert ("meta", {"name": "viewport", "content": "width=device-width,initial-scale=1"}) in tags.seen
    assert b"url(" not in result_page(ending)
    assert b"@import" not in result_page(ending)


@pytest.mark.parametrize("ending", CONSENT_RESULTS)
def test_the_policy_knows_the_style_of_the_page(ending: ConsentResult) -> None:
    style = re.search(rb"<style>(.*?)</style>", result_page(ending), re.DOTALL)
    assert style is not None

    digest = base64.b64encode(hashlib.sha256(style[1]).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in content_policy()


def test_each_ending_has_words_and_a_mark_of_its_own() -> None:
    assert len({result_page(ending) for ending in CONSENT_RESULTS}) == len(CONSENT_RESULTS)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_can_be_read_in_light_and_dark() -> None:
    page = result_page("granted").decode()
    themes = re.findall(r":root\{([^}]*--paper[^}]*)\}", page)
    assert len(themes) == 2

    for theme in themes:
        colours = dict(re.findall(r"--(\w+):(#\w{6})", theme))
        for text in ("ink", "soft"):
            for ground in ("card", "paper"):
                light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
                # 4.5 : 1 is what WCAG 2.2 AA asks of text.
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)
