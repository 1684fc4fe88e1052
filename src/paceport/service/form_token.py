"""The token that a change on an athlete's page must bring, so that no other page can make it."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from paceport.service.signing import Session, Signer

FIELD = "token"


def check_form_token(signer: Signer, session: Session, token: str) -> None:
    """Raises HTTPException where the token is not that of this session's pages."""
    if not signer.is_form_token(token, session):
        raise HTTPException(403, "This page is from an earlier session. Load it again.")
