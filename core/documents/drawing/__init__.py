"""Charts drawn in plain Python: the marks that reports are full of, as SVG, without a script engine.

`chart.drawer` is the door. The drawing has no classes, no ids and no opacity of text,
so a browser, a printer of PDF and a mail's picture all show the same.
"""

MARKS = ("line", "area", "bar", "stacked_bar", "point")
"""What is drawn here; other marks are drawn from their Vega-Lite specification."""
