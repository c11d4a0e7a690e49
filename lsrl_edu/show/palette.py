"""The colours and shapes that every picture of the book shares.

One meaning, one colour *and* one shape, so that nothing depends on seeing colours. The hues are
those of Okabe and Ito (safe for the common kinds of colour blindness), each darkened or lightened
until it stands out by at least 3 : 1 from white paper and from a dark page alike: a picture has no
background of its own and no theme to ask. Text is drawn in ``currentColor``, the page's own ink.
"""

BLUE = "#2E86C8"
ORANGE = "#C07C00"
GREEN = "#009E73"
VERMILION = "#D55E00"
PURPLE = "#B8609A"
GREY = "#7A828C"
INK = "currentColor"

KIND_COLOURS = {
    "Input": GREY,
    "Linear": BLUE,
    "ReLU": GREEN,
    "LinState": ORANGE,
    "Concat": GREY,
    "Multi": PURPLE,
}
KIND_SHAPES = {
    "Input": "pill",
    "Linear": "box",
    "ReLU": "hexagon",
    "LinState": "double box",
    "Concat": "funnel",
    "Multi": "ellipse",
}
# The operations of a layer's channels are those of the nodes.
CHANNEL_KINDS = {"state": "LinState", "relu": "ReLU", "carry": "Linear", "product": "Multi"}

POSITIVE = BLUE
NEGATIVE = VERMILION
CYCLE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, GREY)
"""The order in which the lines of a plot take their colours."""

FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"
