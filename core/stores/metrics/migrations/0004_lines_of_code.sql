-- What a clone tells beside its commits (core.ingestion.lines).
-- line_changes: the lines that a commit changed or removed, by whose they were. One row a commit, path and commit that
-- wrote them within 21 days before; previous_sha is empty for lines that are older, or changed nothing. A row without a
-- path says only that the commit was looked at. unknown: lines whose age a shallow clone does not tell.
-- tree_files: the files that are there now. complexity: every line that is not blank counts one, and one more for each
-- level it is indented; known = 0 where it was not measured. former: names that the file had before.

CREATE TABLE IF NOT EXISTS line_changes (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    sha String,
    path String,
    previous_sha String,
    previous_id UInt64,
    previous_at DateTime('UTC'),
    author_id UInt64,
    authored_at DateTime('UTC'),
    lines UInt32,
    unknown UInt32,
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, authored_at, repo_id, sha, path, previous_sha);

CREATE TABLE IF NOT EXISTS tree_files (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    path String,
    blob String,
    former Array(String),
    language LowCardinality(String),
    lines UInt32,
    complexity UInt32,
    known UInt8,
    generated UInt8,
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, path);
