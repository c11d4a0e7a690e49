"""Wrong answers and other right ones, one module a chapter.

WRONG: key -> [(answer, what the message must say), ...], three or more for each exercise.
OTHERS: key -> a right answer that is written differently from the solution.
"""
