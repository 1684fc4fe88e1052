"""The browser journey: ask on the consent page, receive the redirect, exchange the code, save the grant."""
