"""The exercises, one module a chapter. A module defines EXERCISES, a tuple in order."""
