"""Answers to the exercises of chapter 08."""

import torch

E = 2.0**-40
OPEN = (0, 0, 1024)


def counter(**changes):
    """The counter from 3, with changes."""
    right = {
        "i": OPEN,
        "f": OPEN,
        "g": (E, 0, 0),
        "o": OPEN,
        "start": (0, 3 * E),
        "readout": 1 / E,
    }
    return right | changes


def half_open():
    """Input and output gates left at one half."""
    return counter(i=(0, 0, 0), o=(0, 0, 0), g=(2 * E, 0, 0), readout=2 / E)


def mended(U_h=((0, 0), (0, 1)), W_2=((0, 1), (0, 1)), U_2=((0, 0), (-1, 0))):
    """The mended product, with changes."""
    return {"U_h": U_h, "W_2": W_2, "U_2": U_2}


def exchanged():
    """The units of the second layer, but for the one that is looked at, with other weights."""
    return mended(W_2=((0, 0.5), (0, 1)), U_2=((0, 0), (-2, 0)))


def lstm(entries, head, start=None, layers=2, bias=0.0):
    """An LSTM of one unit a layer, with a few weights: name -> {row: value}."""
    rnn = torch.nn.LSTM(1, 1, num_layers=layers, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for name, weight in rnn.named_parameters():
            weight.zero_()
            for row, value in entries.get(name, {}).items():
                weight[row] = value
    c_0 = torch.zeros(layers, 1, dtype=torch.float64)
    for layer, value in (start or {}).items():
        c_0[layer] = value
    return rnn, torch.zeros(layers, 1), c_0, head, bias


LEAD = {"weight_ih_l0": {2: 2.0**-39}, "bias_ih_l0": {1: 1024, 2: -(2.0**-40)}}
HIGH = 0.5 / (0.5 * torch.tanh(torch.tensor(0.5, dtype=torch.float64)))


def sign(threshold=-(2.0**17), loud=2.0**60, head=HIGH, forget=-1024):
    """The vote in 8 numbers, with changes."""
    upper = {"weight_ih_l1": {2: loud}, "bias_ih_l1": {1: forget, 2: threshold}}
    return lstm(LEAD | upper, head, bias=0.5)


def with_the_horizon():
    """Six: a 0 takes a little more than a 1 gives, and a constant that may fade."""
    # tanh(w + b) = e and tanh(b) = -(1 + 1/300) e, so that a tie is below 0
    step = 2.0**-40
    below = {
        "weight_ih_l0": {2: (2 + 1 / 300) * step},
        "bias_ih_l0": {1: 1024, 2: -(1 + 1 / 300) * step},
    }
    return lstm(below | {"weight_ih_l1": {3: 2.0**70}}, 1.0, start={1: 2.0**900})


def linear():
    """The lead as it is."""
    return lstm(LEAD, 2.0**42, layers=1)


Y = ["quiet", "note", "note", "refused", "quiet"]


def report(place, word):
    """The right words, but for one."""
    return [word if i == place else w for i, w in enumerate(Y)]


WRONG = {
    "08.1": [
        ([3, 4, 8, 9, 14], "never forgets"),
        ([3, 4, 0, 1, 0], "erases the new value"),
        ([3, 1, 4, 1, 5], "the values alone"),
        ([3, 1, 5, 1, 6], "forget where k is 1"),
        ([1.5, 2, 2, 2.5, 2.5], "halved everything"),
        ([3, 4, 4, 5, 6], "element 4"),
    ],
    "08.2": [
        ([22, 20], "louder than the values"),
        ([-12, 20], "as in the chapter"),
        ([-20, 20], "they reach 1000"),
        ([-34, 20], "x that is squared"),
        ([-23, 20], "you can be louder"),
        ([-22, 64], "the FIRST whole number"),
        ([-22, 19], "still tells that tanh"),
        ([-22, 21], "one less would do"),
    ],
    "08.3": [
        ([(2, 0.5), (3, 2), (1, 0.25)], "wrong already"),
        ([(0, 2), (0, 2), (1, 0.25)], "All three are right"),
        ([(2, 0.5), (3, 1), (1, 0.25)], "may be 0 or 1"),
        ([(-1, 0.5), (3, 2), (1, 0.25)], "negative"),
        ([(0, 2), (3, 2)], "three pairs"),
        ("0, 2", "list of three pairs"),
    ],
    "08.4": [
        (counter(start=(0, 0)), "but from 0"),
        (counter(g=(0, 0, E)), "counts the elements"),
        (counter(f=(0, 0, 0)), "nothing is left of the 3"),
        (counter(g=(2.0**-10, 0, 0), start=(0, 3 * 2.0**-10), readout=2.0**10), "soft enough"),
        (counter(readout=2 / E), "In float64, after"),
        (counter(g=(E, 0)), "should be 3 numbers"),
    ],
    "08.5": [
        ([18, 11], "18 is still rounded"),
        ([19, 19], "are not equal"),
        ([11, 19], "wrong way round"),
        ([15, 11], "what is SHOWN"),
        ([19, 13], "ONE tanh"),
        ([19, 10], "so far add up"),
    ],
    "08.6": [
        (report(0, "note"), "Look again at a"),
        (report(1, "refused"), "never refused"),
        (report(2, "refused"), "is a switch"),
        (report(2, "quiet"), "ANY real number"),
        (report(3, "note"), "Look again at d"),
        (report(4, "refused"), "Look again at e"),
        (report(4, "fine"), "Each of the five"),
    ],
    "08.7": [
        (mended(((0, 0), (0, 0)), ((0, 0), (0, 1)), ((0, 0), (0, 0))), "5 instead of 6"),
        (mended(U_2=((0, 0), (0, 0))), "running SUM"),
        (mended(W_2=((0, 1), (0, 0))), "always 0"),
        (mended(W_2=((0, 1), (0, 0)), U_2=((0, 0), (1, 0))), "BEFORE this element"),
        (mended(U_h=((0, 0), (0, 0.5))), ", at the end of [["),
        (mended(U_h=(0, 1)), "should be (2, 2)"),
    ],
    "08.8": [
        (sign(threshold=2.0**17), "but for ties"),
        (sign(head=-HIGH), "just the opposite"),
        (linear(), "the lead itself"),
        (sign(forget=0), "At element"),
        (lstm({}, 1.0), "always says 0"),
        ((torch.nn.GRU(1, 1), 0, 0, 0, 0), "unmodified torch.nn.LSTM"),
        (sign()[:4], "five things"),
    ],
}
OTHERS = {
    "08.3": [(0, 0.5), (4, 3), (2, 0.5)],
    "08.4": half_open(),
    "08.7": exchanged(),
    "08.8": with_the_horizon(),
}
