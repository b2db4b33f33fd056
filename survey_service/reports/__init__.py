"""An assessment as a page, the page as a PDF, and the charts that web pages show too.

Takes maturity structs and gives text or bytes; knows no database and no request.
"""
