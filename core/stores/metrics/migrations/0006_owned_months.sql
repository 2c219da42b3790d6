-- Lines that each identity wrote of each repository, month by month, kept for large workspaces by
-- core.catalogue.owned: of files that are there, without generated ones, as the facts of one data version say.
-- weight: every line halved for each 180 days that it lies before 2106-01-01.

CREATE TABLE IF NOT EXISTS owned_months (
    workspace_id LowCardinality(String),
    data_version UInt64,
    repo_id LowCardinality(String),
    author_id UInt64,
    month Date,
    weight Float64,
    written UInt64,
    last_at DateTime('UTC')
) ENGINE = ReplacingMergeTree
PARTITION BY (workspace_id, data_version)
ORDER BY (workspace_id, data_version, month, repo_id, author_id);

-- Which data versions stand there whole.
CREATE TABLE IF NOT EXISTS owned_months_kept (
    workspace_id LowCardinality(String),
    data_version UInt64,
    kept_at DateTime('UTC') DEFAULT now()
) ENGINE = ReplacingMergeTree
ORDER BY (workspace_id, data_version);
