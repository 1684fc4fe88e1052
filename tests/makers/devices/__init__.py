"""Files with the habits of devices and apps, one for each habit, with the source that reports it.

`fit_habits`, `gpx_habits` and `tcx_habits` list them; tests/formats/tracks/test_device_habits.py reads each.
"""
