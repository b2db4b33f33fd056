"""Server-rendered pages: they work without script, and better with it."""
