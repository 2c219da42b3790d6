-- Facts. Every table: workspace first in the key, one row a key and newest version, tombstones by `deleted`.
-- Identities, not people, stand in facts: who is whom is joined when a question is asked, so a merge rewrites nothing.

CREATE TABLE IF NOT EXISTS commits (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    sha String,
    author_id UInt64,
    author_name LowCardinality(String),
    author_email LowCardinality(String),
    committer_id UInt64,
    authored_at DateTime('UTC'),
    author_offset Int16,
    committed_at DateTime('UTC'),
    date_suspect UInt8 DEFAULT 0,
    parents UInt8,
    is_merge UInt8,
    additions UInt32,
    deletions UInt32,
    files UInt32,
    generated_additions UInt32,
    generated_deletions UInt32,
    generated_files UInt32,
    co_author_ids Array(UInt64),
    reviewer_ids Array(UInt64),
    subject String,
    kind LowCardinality(String),
    breaking UInt8,
    reverts String,
    pr_number UInt32,
    version UInt64,
    deleted UInt8 DEFAULT 0,
    ingested_at DateTime('UTC') DEFAULT now()
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, authored_at, repo_id, sha);

CREATE TABLE IF NOT EXISTS commit_files (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    sha String,
    path String,
    old_path String,
    author_id UInt64,
    authored_at DateTime('UTC'),
    language LowCardinality(String),
    additions UInt32,
    deletions UInt32,
    is_binary UInt8,
    generated UInt8,
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, authored_at, repo_id, sha, path);

CREATE TABLE IF NOT EXISTS pull_requests (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    number UInt32,
    title String,
    author_id UInt64,
    state LowCardinality(String),
    is_draft UInt8,
    opened_at Nullable(DateTime('UTC')),
    ready_at Nullable(DateTime('UTC')),
    first_commit_at Nullable(DateTime('UTC')),
    merged_at Nullable(DateTime('UTC')),
    closed_at Nullable(DateTime('UTC')),
    merged_by_id UInt64,
    base_branch LowCardinality(String),
    head_branch String,
    merge_sha String,
    additions UInt32,
    deletions UInt32,
    files UInt32,
    commits UInt32,
    labels Array(LowCardinality(String)),
    url String,
    source LowCardinality(String),
    approximate UInt8,
    version UInt64,
    deleted UInt8 DEFAULT 0,
    ingested_at DateTime('UTC') DEFAULT now()
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, number);

CREATE TABLE IF NOT EXISTS reviews (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    pr_number UInt32,
    review_key String,
    reviewer_id UInt64,
    state LowCardinality(String),
    submitted_at DateTime('UTC'),
    comments UInt32,
    body_length UInt32,
    source LowCardinality(String),
    approximate UInt8,
    version UInt64,
    deleted UInt8 DEFAULT 0,
    ingested_at DateTime('UTC') DEFAULT now()
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, pr_number, review_key);

CREATE TABLE IF NOT EXISTS review_comments (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    pr_number UInt32,
    comment_key String,
    author_id UInt64,
    created_at DateTime('UTC'),
    path String,
    body_length UInt32,
    in_reply_to String,
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, pr_number, comment_key);

CREATE TABLE IF NOT EXISTS review_requests (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    pr_number UInt32,
    reviewer_id UInt64,
    requested_at DateTime('UTC'),
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, pr_number, reviewer_id, requested_at);

CREATE TABLE IF NOT EXISTS pr_commits (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    pr_number UInt32,
    sha String,
    author_id UInt64,
    authored_at DateTime('UTC'),
    pushed_at DateTime('UTC'),
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, pr_number, sha);

CREATE TABLE IF NOT EXISTS issues (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    number UInt32,
    title String,
    author_id UInt64,
    assignee_ids Array(UInt64),
    state LowCardinality(String),
    kind LowCardinality(String),
    opened_at DateTime('UTC'),
    closed_at Nullable(DateTime('UTC')),
    labels Array(LowCardinality(String)),
    url String,
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, number);

CREATE TABLE IF NOT EXISTS deployments (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    deployment_key String,
    environment LowCardinality(String),
    is_production UInt8,
    status LowCardinality(String),
    started_at DateTime('UTC'),
    finished_at Nullable(DateTime('UTC')),
    sha String,
    creator_id UInt64,
    pr_numbers Array(UInt32),
    failed UInt8,
    failure_link LowCardinality(String),
    restored_at Nullable(DateTime('UTC')),
    url String,
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, deployment_key);

CREATE TABLE IF NOT EXISTS incidents (
    workspace_id LowCardinality(String),
    repo_id LowCardinality(String),
    incident_key String,
    title String,
    severity LowCardinality(String),
    opened_at DateTime('UTC'),
    acknowledged_at Nullable(DateTime('UTC')),
    resolved_at Nullable(DateTime('UTC')),
    deployment_key String,
    url String,
    source LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, repo_id, incident_key);

-- Who is whom, published from the app store by core.people.publishing: complete, so joins need no defaults.
-- identity_people: one row an identity, person_id is the person after all merges. team_members: half-open,
-- valid_from <= day < valid_to, direct members only. work_schedules: one row a person, the workspace's default filled
-- in; weekdays are ISO (1 Monday .. 7 Sunday, as toDayOfWeek). days_off: leave and public holidays, one row a day.

CREATE TABLE IF NOT EXISTS identity_people (
    workspace_id LowCardinality(String),
    identity_id UInt64,
    person_id String,
    is_bot UInt8,
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, identity_id);

CREATE TABLE IF NOT EXISTS team_members (
    workspace_id LowCardinality(String),
    team_id String,
    person_id String,
    valid_from Date,
    valid_to Date DEFAULT '2149-06-06',
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, team_id, person_id, valid_from);

CREATE TABLE IF NOT EXISTS work_schedules (
    workspace_id LowCardinality(String),
    person_id String,
    working_weekdays Array(UInt8),
    time_zone LowCardinality(String),
    start_minute UInt16,
    end_minute UInt16,
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, person_id);

CREATE TABLE IF NOT EXISTS days_off (
    workspace_id LowCardinality(String),
    person_id String,
    day Date,
    reason LowCardinality(String),
    version UInt64,
    deleted UInt8 DEFAULT 0
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, person_id, day);

-- Snapshots: one row a subject and period; parts are what rolls up (see metrics.md), by metric key.

CREATE TABLE IF NOT EXISTS snapshots (
    workspace_id LowCardinality(String),
    subject_kind LowCardinality(String),
    subject_id String,
    period_type LowCardinality(String),
    period_start Date,
    values Map(LowCardinality(String), Float64),
    numerators Map(LowCardinality(String), Float64),
    denominators Map(LowCardinality(String), Float64),
    ns Map(LowCardinality(String), UInt64),
    states Map(LowCardinality(String), LowCardinality(String)),
    metric_versions Map(LowCardinality(String), UInt16),
    version UInt64,
    deleted UInt8 DEFAULT 0,
    computed_at DateTime('UTC') DEFAULT now()
) ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (workspace_id, subject_kind, period_type, period_start, subject_id);
