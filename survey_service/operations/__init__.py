"""One plain function for each thing a person can do: fetch, may?, decide, save.

Each runs in one transaction, handed to `Database.write`, and touches nothing else: it may run
more than once. What needs time beyond a transaction (passwords, PDFs) is a coroutine around one.
"""
