"""Boards: layouts of widgets. `standard` gives the ones that ship, `build` finishes any of them."""
