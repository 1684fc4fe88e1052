"""Proxies as people write them into their environment."""

from __future__ import annotations

import pytest

from paceport.transport.proxy_address import find_proxy, read_proxy_address


@pytest.mark.parametrize(
    ("text", "url", "user", "password"),
    [
        ("http://127.0.0.1:3128", "http://127.0.0.1:3128", "", ""),
        ("proxy.example:8080", "http://proxy.example:8080", "", ""),
        ("http://user:ge%heim#123@proxy.example:9/", "http://proxy.example:9", "user", "ge%heim#123"),
        ("http://user:a@b/c?d@proxy.example:9", "http://proxy.example:9", "user", "a@b/c?d"),
        ("http://us%40er:p%23w@proxy.example:9", "http://proxy.example:9", "us@er", "p#w"),
        ("socks://127.0.0.1:1080/", "socks5://127.0.0.1:1080", "", ""),
    ],
)
def test_a_proxy_is_read_as_it_was_meant(text: str, url: str, user: str, password: str) -> None:
    proxy = read_proxy_address(text, variable="HTTPS_PROXY")

    assert (proxy.url, proxy.user, proxy.password.reveal()) == (url, user, password)


def test_the_proxy_of_the_scheme_wins_over_the_one_for_all() -> None:
    named = {"https": "http://one:1", "all": "socks://two:2", "no": "example.org"}

    assert str(find_proxy("https", named)) == "the proxy one:1 (HTTPS_PROXY)"
    assert str(find_proxy("http", named)) == "the proxy two:2 (ALL_PROXY)"
    assert find_proxy("https", {"no": "x"}) is None


def test_a_password_is_in_no_words_about_the_proxy() -> None:
    proxy = read_proxy_address("http://user:geheim123@h:1", variable="HTTP_PROXY")

    assert "geheim123" not in f"{proxy} {proxy!r} {proxy.url}"
