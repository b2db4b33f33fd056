"""What others run and we only ask: the mail server, the provider of single sign-on.

Knows nothing of the database, of pages or of requests.
"""
