"""Reports as code: a report written in YAML, in KPI Reporter's format, run by the same engine as any other.

`reading` takes files to a `ReportFile` with every problem's place, `compiling` a
`ReportFile` to a plan, `running` a plan to a document and its outputs. None of them
opens a store of ours unless the file asks for one.
"""
