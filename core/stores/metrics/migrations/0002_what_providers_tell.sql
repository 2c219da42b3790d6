-- What providers tell beside the facts of 0001: whose word a commit is, and the raw events that a workspace's rules
-- make deployments of (core.ingestion.rules). Raw events are kept whatever the rule is, so a rule can be changed.

ALTER TABLE commits ADD COLUMN IF NOT EXISTS source LowCardinality(String) DEFAULT 'git';

ALTER TABLE commit_files ADD COLUMN IF NOT EXISTS source LowCardinality(String) DEFAULT 'git';

CREATE TABLE IF NOT EXISTS releases (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    release_key String,
    tag String,
    name String,
    sha String,
    branch LowCardinality(String),
    is_draft UInt8,
    is_prerelease UInt8,
    created_at Nullable(DateTime('UTC')),
    published_at Nullable(DateTime('UTC')),
    author_id UInt64,
    url String,
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, release_key);

-- status as the provider says it; conclusion is success, failure, cancelled, … and empty while it runs.
CREATE TABLE IF NOT EXISTS workflow_runs (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    run_key String,
    name LowCardinality(String),
    path LowCardinality(String),
    branch LowCardinality(String),
    event LowCardinality(String),
    status LowCardinality(String),
    conclusion LowCardinality(String),
    attempt UInt16,
    sha String,
    started_at DateTime('UTC'),
    finished_at Nullable(DateTime('UTC')),
    actor_id UInt64,
    url String,
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, run_key);

-- tagged_at: when an annotated tag was made, else when its commit was.
CREATE TABLE IF NOT EXISTS tags (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    name String,
    sha String,
    tagged_at DateTime('UTC'),
    tagger_id UInt64,
    url String,
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, name);

-- Facts of a repository that a rule tells instead: rows of this source stay, and do not count.
CREATE TABLE IF NOT EXISTS set_aside (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    fact LowCardinality(String),
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, fact, source);
