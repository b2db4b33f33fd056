"""What jobs are done with, on a database of the test's own."""

from collections.abc import AsyncIterator

import pytest
from msgspec import structs

from survey_service.operations import jobs
from survey_service.operations.jobs import Tools
from survey_service.settings import Settings
from survey_service.store.database import Database


@pytest.fixture
async def tools(db: Database, settings: Settings) -> AsyncIterator[Tools]:
    found = jobs.tools_for(settings)
    await found.db.close()
    yield structs.replace(found, db=db)
    found.renderer.close()
