"""Strava's OAuth as pure functions of values: nothing here sends, waits, reads a clock or touches a disk.

`authorization_url` and `redirect` are the browser's half, `token_endpoint` the forms and answers of the token
endpoint, `error_answers` what both refuse alike, `app_credentials` what a client id and a secret look like,
`server_time` how far the two clocks are apart.
"""
