"""The base style sheet serves every page, in both lights."""

import re
from importlib.resources import files

import pytest

from paceport.look.style import base_style, icon_address
from paceport.oauth.login.result_page import result_page
from paceport.sandbox.http.html_pages import render


def page_styles() -> dict[str, str]:
    """The style of each kind of page, base included."""
    result = result_page("granted").decode()
    sandbox = render("message.html", title="A title", text="A text")
    return {
        "result page": "".join(re.findall(r"<style>(.*?)</style>", result, re.DOTALL)),
        "sandbox": "".join(re.findall(r"<style>(.*?)</style>", sandbox, re.DOTALL)),
        "report": base_style() + files("paceport.report").joinpath("charts.css").read_text(encoding="utf-8"),
    }


def test_both_lights_set_the_same_colours() -> None:
    light, dark = base_style().split("@media (prefers-color-scheme:dark)")[:2]

    assert set(re.findall(r"(--[\w-]+):", light)) == set(re.findall(r"(--[\w-]+):", dark))


@pytest.mark.parametrize("page", ["result page", "sandbox", "report"])
def test_every_page_begins_with_the_base_and_uses_only_colours_that_are_set(page: str) -> None:
    style = page_styles()[page]

    assert base_style().strip() in style
    assert set(re.findall(r"var\((--[\w-]+)", style)) <= set(re.findall(r"(--[\w-]+):", style))


def test_the_icon_is_an_address_that_asks_nobody() -> None:
    assert icon_address().startswith("data:image/svg+xml;base64,")
