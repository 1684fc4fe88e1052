"""Hands out a living access token: one refresh at a time, journalled before it is sent, saved before it is used.

    0   read without a lock; enough left: give it                                   keeper.py
    1   one refresh per grant in this process; everybody else waits for it         single_flight.py
    2   the grant's lock, against all other processes                               refresh.py, from here on
    3   read again
    4   recover from a journal that somebody left behind                           recovery.py
    5   enough left now, because somebody else refreshed: give it
    6   write down what is about to be sent
    7   send; repeat only what is safe to repeat                                    refresh_request.py
    8   keep the raw answer; read it; save the grant; drop the journal
    9   refused: adopt what somebody else saved meanwhile, else a person must log in
    10  wrong secret, inactive app: the grant is not touched

The one window: between the server's commit and the kept answer of step 8 a death or a lost answer forces one resend of
a token which the server may have retired. Nothing on this side can close it. Outside of it no token is sent twice.
"""
