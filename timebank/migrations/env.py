"""What alembic runs: our migrations on the connection that it is given."""

from alembic import context

from timebank.directory import Base
from timebank.ledger import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=[metadata, Base.metadata])
context.run_migrations()
