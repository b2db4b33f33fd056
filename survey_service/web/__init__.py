"""HTTP in; HTML or JSON out. `pages` and `api` call the same operations.

Decodes, calls, encodes; decides nothing, and holds no SQL.
"""
