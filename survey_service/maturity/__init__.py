"""What is asked and what answers are worth: questionnaires, answers, scores, recommendations.

Pure: nothing here reads a file, a clock, a database or a request, or knows a person or a date.
"""
