-- planned: milestones with how far the issues and pull requests are that are planned for them
SELECT
    m.repo_id AS repo_id,
    m.number AS number,
    m.title AS title,
    m.state AS state,
    m.opened_at AS opened_at,
    m.due_at AS due_at,
    m.closed_at AS closed_at,
    m.url AS url,
    assumeNotNull(coalesce(m.due_at, m.opened_at, toDateTime(0, 'UTC'))) AS at,
    m.state = 'open' AND isNotNull(m.due_at) AND toDate(m.due_at, 'UTC') < {today:Date} AS is_overdue,
    i.open_issues AS open_issues,
    i.closed_issues AS closed_issues,
    p.open_pulls AS open_pulls,
    p.merged_pulls AS merged_pulls,
    open_issues + open_pulls AS open_work,
    closed_issues + merged_pulls AS done_work,
    if(open_work + done_work > 0, done_work / (open_work + done_work), NULL) AS progress
FROM milestone_rows AS m
LEFT ANY JOIN (
    SELECT repo_id, milestone, countIf(state = 'open') AS open_issues, countIf(state != 'open') AS closed_issues
    FROM issue_rows
    WHERE milestone > 0
    GROUP BY repo_id, milestone
) AS i ON i.repo_id = m.repo_id AND i.milestone = m.number
LEFT ANY JOIN (
    SELECT repo_id, milestone, countIf(state = 'open') AS open_pulls, countIf(isNotNull(merged_at)) AS merged_pulls
    FROM pull_request_rows
    WHERE milestone > 0
    GROUP BY repo_id, milestone
) AS p ON p.repo_id = m.repo_id AND p.milestone = m.number
