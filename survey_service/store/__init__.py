"""The only SQL: rows in, structs out. One module per feature; one statement per function.

What runs for every saved answer is built once, as a constant with bound parameters: building a
statement anew takes longer than running it.

Knows tables and engines; decides nothing, and knows no request, no language and no rule.
"""
