-- Which pull requests count in no number, published from the app store by core.catalogue.exclusions: one row a rule.
-- pattern is ready for ILIKE, of an age whole days, of a number that number; repo_id is empty for every repository.

CREATE TABLE IF NOT EXISTS pr_exclusions (
    workspace_id LowCardinality(String),
    rule_id String,
    field LowCardinality(String),
    pattern String,
    repo_id String,
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, rule_id);
