"""Outputs: where a report file sends what was made of it. Folders, mail, Slack, buckets, other machines.

`OUTPUTS.get(key)` gives a kind, `sending.send_all` tries every one that a report names.
A new kind is a file here and a line in `BUILT_IN`; outsiders register at the entry
point `sightline.outputs`.
"""

from core.delivery.outputs.output import Output, OutputArgs, Parcel
from core.delivery.outputs.registry import BUILT_IN, OUTPUTS

__all__ = ["BUILT_IN", "OUTPUTS", "Output", "OutputArgs", "Parcel"]
