"""What people look at: programs, traces and networks as pictures, tables and text.

Nothing here computes anything a program or a network depends on, and nothing of it is imported
before something is shown.
"""
