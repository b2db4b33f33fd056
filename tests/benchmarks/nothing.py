"""A service that does nothing, on the same framework and server."""

import sys

import uvicorn
from litestar import Litestar, get


@get("/ready")
async def ready() -> dict[str, str]:
    """Do nothing."""
    return {}


if __name__ == "__main__":
    uvicorn.run(Litestar([ready]), port=int(sys.argv[1]), log_level="warning")
