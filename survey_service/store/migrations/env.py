"""Alembic's entry: runs on the connection that `survey_service.store.schema` hands over."""

from alembic import context

from survey_service.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table only by copying it
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
