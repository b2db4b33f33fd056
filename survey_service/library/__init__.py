"""Questionnaire and response files: text in, maturity structs out, errors with file and line.

Knows files and their notation; knows nothing of databases, requests or people.
"""
