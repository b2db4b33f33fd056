import pytest

from survey_service.store.database import Database
from tests.country import Country, settle


@pytest.fixture
async def country(db: Database) -> Country:
    """Settle a small country; everybody's session token is their login."""
    return await settle(db)
