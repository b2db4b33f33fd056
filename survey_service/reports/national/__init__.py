"""What a ministry looks at of a whole cycle: each a view, made of the same selection.

A view is a table whose columns are described, so that it reads the same as a page, as JSON, as CSV,
as a workbook and as Parquet; where a picture says more, it is drawn from that table.
"""
