"""What others run and we only ask: mail, single sign-on, programs that are told, a distributed engine.

Knows nothing of the database, of pages or of requests.
"""
