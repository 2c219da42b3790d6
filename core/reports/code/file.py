"""What a report file may say."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.documents.choice import ThemeChoice


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatasourceEntry(_Part):
    """One datasource: a plugin with its arguments, or a connection registered in the app."""

    plugin: str = Field("", description="Name of the datasource plugin.")
    connection: str = Field("", description="Name of a connection registered in the app, instead of a plugin.")
    args: dict[str, Any] = Field({}, description="Arguments of the plugin.")


class ViewEntry(_Part):
    """One view."""

    plugin: str = Field(description="Name of the view plugin.")
    title: str = Field("", description="Headline.")
    description: str = Field("", description="A few words below the headline.")
    cols: int | None = Field(None, ge=1, description="Columns of the grid it takes; default all.")
    args: dict[str, Any] = Field({}, description="Arguments of the plugin.")


class OutputEntry(_Part):
    """One output: a plugin with its arguments, or a connection registered in the app."""

    plugin: str = Field("", description="Name of the output plugin.")
    connection: str = Field("", description="Name of a connection registered in the app, instead of a plugin.")
    args: dict[str, Any] = Field(
        {}, description="Arguments of the plugin; beside a connection, those that are the report's own."
    )


class ReportFile(_Part):
    """A whole report file, after several were merged."""

    title: str = Field("", description="Title of the report.")
    description: str = Field("", description="A few words below the title.")
    interval_days: int | None = Field(
        None, ge=1, le=36_600, description="Length in days, where there is no start_date."
    )
    start_date: str = Field("", description="First day; default the end less interval_days.")
    end_date: str = Field("", description="First day after the report; default today.")
    timezone: str = Field("", description="IANA time zone; default the machine's.")
    theme: ThemeChoice = Field(ThemeChoice(), description="Looks.")
    datasources: dict[str, DatasourceEntry] = Field({}, description="Datasources by id.")
    views: dict[str, ViewEntry] = Field({}, description="Views by id, in the order they are shown.")
    outputs: dict[str, OutputEntry] | None = Field(None, description="Outputs by id; default files in ./_build.")
