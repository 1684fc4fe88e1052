"""The page after the consent page, as a real browser shows it."""

import pytest
from playwright.sync_api import Browser

from paceport.oauth.login.redirect_listener import listen
from paceport.scopes import parse_granted

pytestmark = pytest.mark.browser

ASKED = parse_granted("read,activity:read_all")
QUERIES = {
    "granted": "code=abcdef0123456789&scope=read,activity:read_all",
    "partly": "code=abcdef0123456789&scope=read",
    "denied": "error=access_denied",
}


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("ending", QUERIES)
def test_the_page_is_styled_fits_and_keeps_the_code_out_of_the_address_bar(
    chromium: Browser, ending: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 640})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    with listen(state="s", asked=ASKED, deliver=lambda outcome: None) as uri:
        page.goto(f"{uri}?state=s&{QUERIES[ending]}")

        assert page.url == f"{uri}/{ending}"
        assert complaints == []
        # The policy lets the style through, and nothing sticks out sideways.
        assert page.evaluate("getComputedStyle(document.querySelector('main')).borderTopStyle") == "solid"
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    page.close()
