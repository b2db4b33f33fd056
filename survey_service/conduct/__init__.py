"""How an assessment is conducted: who does what, when, and what of it is recorded.

Pure: decisions over values. Nothing here reads a file, a clock, a database or a request, or knows
that they exist.
"""
