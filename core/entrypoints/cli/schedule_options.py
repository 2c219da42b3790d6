"""What `sightline schedule create` and `change` take: the same fields under the same names."""

from __future__ import annotations

import typer

TO = typer.Option(
    "--to",
    help="Recipient, once for each: an address, 'person:NAME', 'team:NAME', 'leads:NAME' or 'leads:*'."
    " None are needed for a report with outputs.",
)
CRON = typer.Option(help="daily, weekly, monthly, or five fields: minute hour day month weekday.")
ZONE = typer.Option(help="IANA time zone; default the workspace's.")
FORMATS = typer.Option("--format", "-f", help="Files by commas: pdf, xlsx, csv, html, markdown, json.")
CATCH_UP = typer.Option(help="After downtime: run_once or skip.")
JITTER = typer.Option(help="Start up to so many seconds later, to spread the load.")
ONLY_IF = typer.Option("--only-if", help="anomaly, or a metric with a bound: 'lead_time_hours > 48'. Empty: always.")
METHOD = typer.Option(help="email, slack or both.")
SLACK = typer.Option(help="Name of the Slack connection.")
CHANNEL = typer.Option("--channel", help="Slack channel, once for each; default the connection's own.")
