-- What work is planned for. Issues and pull requests carry the number of their milestone, 0 for none. number is the
-- provider's own; due_at is the day that it is due.

CREATE TABLE IF NOT EXISTS milestones (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    number UInt32,
    title String,
    state LowCardinality(String),
    opened_at Nullable(DateTime('UTC')),
    due_at Nullable(DateTime('UTC')),
    closed_at Nullable(DateTime('UTC')),
    url String,
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, number);

ALTER TABLE issues ADD COLUMN IF NOT EXISTS milestone UInt32 DEFAULT 0;

ALTER TABLE pull_requests ADD COLUMN IF NOT EXISTS milestone UInt32 DEFAULT 0;
