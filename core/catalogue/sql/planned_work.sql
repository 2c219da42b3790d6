-- planned_work: issues and pull requests that are planned for a milestone
SELECT repo_id, milestone, 'Issue' AS what, number, title, state, opened_at AS at, closed_at, url
FROM issue_rows
WHERE milestone > 0
UNION ALL
SELECT
    repo_id, milestone, 'Pull request' AS what, number, title, state,
    assumeNotNull(coalesce(opened_at, merged_at, closed_at, toDateTime(0, 'UTC'))) AS at,
    coalesce(merged_at, closed_at) AS closed_at, url
FROM pull_request_rows
WHERE milestone > 0
