"""The only SQL: rows in, structs out. One module per feature; one statement per function.

Knows tables and engines; decides nothing, and knows no request, no language and no rule.
"""
