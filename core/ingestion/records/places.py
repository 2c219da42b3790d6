"""Which repositories records belong to."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.workspaces import note
from core.base.errors import BadInput, NotFound, did_you_mean
from core.catalogue.models import Repository
from core.context import Context
from core.stores.app import new_id


class Places:
    """Repositories by name; `create` makes those that are missing, once the push goes through."""

    def __init__(self, ctx: Context, default: str = "", *, create: bool = False) -> None:
        self.ctx, self.default, self.create = ctx, default.strip(), create
        with ctx.app.reading() as session:
            mine = sa.select(Repository.name, Repository.id).where(Repository.workspace_id == ctx.workspace.id)
            self._ids: dict[str, str] = dict(session.execute(mine).all())
        self._new: dict[str, Repository] = {}
        if self.default:
            self.id_of("")

    def id_of(self, name: str) -> str:
        """The id of the repository of this name, or of the default one; NotFound with the nearest name."""
        name = name or self.default
        if not name:
            raise BadInput(
                "The repository is missing: name it with the push, or in the field 'repository' of each row."
            )
        if name not in self._ids:
            if not self.create:
                raise NotFound(
                    f"There is no repository named '{name}'.{did_you_mean(name, self._ids)}"
                    " Add it as a source, or choose to create it."
                )
            row = Repository(
                id=new_id(), workspace_id=self.ctx.workspace.id,
                name=name[:240], created_at=self.ctx.clock(), is_active=True,
            )  # fmt: skip
            self._new[name], self._ids[name] = row, row.id
        return self._ids[name]

    @property
    def new(self) -> list[str]:
        """Names that would be created."""
        return list(self._new)

    def keep(self, session: Session) -> None:
        """Write the new ones down."""
        for name, row in self._new.items():
            session.add(row)
            note(session, self.ctx, "repository added", name)
        session.flush()
        self._new = {}
