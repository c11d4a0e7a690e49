import lsrl_edu as ls
from lsrl_edu.compiler.compile import compile_layers
from lsrl_edu.show.text import channel_names, layers_text, program_text

MORE_ONES = """\
more_ones: 13 nodes, 2 states; 1 number in, 1 out
   #0  x     = Input(width 1)
   #1  ones  = LinState(A=1, B=1, s0=0) of x
   #2          Linear(A=-1, b=1) of x
   #3  zeros = LinState(A=1, B=1, s0=0) of #2
   #4          Concat of ones and zeros
   #5          Linear(A=[1 -1]) of #4
   #6          Linear(A=10) of #5
   #7          ReLU of #6
   #8          Linear(A=1, b=-0.1) of #5
   #9          ReLU of #8
  #10          Linear(A=10) of #9
  #11          Concat of #7 and #10
  #12          Linear(A=[1 -1]) of #11
  returns #12"""


def test_more_ones_reads_like_a_listing(more_ones):
    assert program_text(more_ones) == MORE_ONES
    assert str(more_ones) == MORE_ONES


def test_two_nodes_of_one_name_are_told_apart():
    x = ls.Input(1)
    a, b = ls.ReLU(x, name="same"), ls.ReLU(-x, name="same")
    text = program_text(ls.Program(a + b, "p"))
    assert "#1 same" in text and "#3 same" in text
    assert "Concat of #1 same and #3 same" in text


def test_layers_are_a_table(more_ones):
    text = layers_text(compile_layers(more_ones))
    lines = text.splitlines()
    assert lines[0].startswith("more_ones: depth 2, width 2,")
    assert lines[1] == "  input    any real"
    assert lines[4].split() == ["layer", "width", "operations", "non-zeros", "largest", "channels"]
    assert "2 states" in lines[6] and "ones, zeros" in lines[6]
    assert "2 relus" in lines[7] and "output x2" in lines[7]
    assert lines[8].split()[:2] == ["out", "1"]


def test_many_channels_are_cut_short():
    assert channel_names(["q", "q", "a"]) == "q x2, a"
    assert channel_names(list("abcdef")) == "a, b, c, d, ..."
