"""What alembic runs for every command: the steps, on the connection it was given, in that connection's transaction."""

from alembic import context

from telephony.records.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
