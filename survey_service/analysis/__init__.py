"""Many assessments at once: where organisations stand beside one another.

Pure: stored results in, figures out. Nothing here scores, reads a file, a clock or a database.
"""
