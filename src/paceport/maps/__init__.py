"""Where tracks were: map projection, tiles, and the places that must not be shown. Pure functions of positions."""
