-- Components: which parts of a repository its paths, and what touched them, belong to. Written by
-- core.components.placing, of repositories that have rules; whatever has no row here is 'unassigned'.
-- components holds ids, and 'unassigned' for what lies outside every component; in order.

CREATE TABLE IF NOT EXISTS path_components (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    path String,
    components Array(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, path);

-- A pull request by its number, sha empty; a commit that a trailer says was reviewed by its sha, number 0.
CREATE TABLE IF NOT EXISTS change_components (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    number UInt32,
    sha String,
    components Array(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, number, sha);
