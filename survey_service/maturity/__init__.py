"""What maturity is: questionnaires, answers, scores, recommendations, decisions.

Pure: nothing here reads a file, a clock, a database or a request, or knows that they exist.
"""
