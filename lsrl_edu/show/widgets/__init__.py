"""Widgets: each answers one written question and computes in the page, with or without a kernel."""
