"""The kinds of outputs by key. None is imported before a report names it."""

from __future__ import annotations

from core.base.late import LateRegistry
from core.delivery.outputs.output import Output

BUILT_IN = {
    "static": "core.delivery.outputs.static:Static",
    "sendgrid": "core.delivery.outputs.sendgrid:SendGrid",
    "slack": "core.delivery.outputs.slack:Slack",
    "slack_webhook": "core.delivery.outputs.slack_webhook:SlackWebhook",
    "s3": "core.delivery.outputs.s3:S3",
    "scp": "core.delivery.outputs.scp:Scp",
    "smtp": "core.delivery.outputs.smtp:Smtp",
}

OUTPUTS: LateRegistry[type[Output]] = LateRegistry("output plugin", "sightline.outputs", BUILT_IN, Output)
