-- changes: merged pull requests and when they ran in production: with the deployment that lists them, else with the
-- first one after the merge that lists nothing. A baseline takes no history that it does not list.
SELECT
    p.person AS person,
    p.is_bot AS is_bot,
    p.repo_id AS repo_id,
    p.number AS number,
    p.title AS title,
    p.url AS url,
    p.approximate AS approximate,
    p.is_excluded AS is_excluded,
    p.merged_at AS merged_at,
    p.first_commit_at AS first_commit_at,
    multiIf(
        l.listed_at > toDateTime(0, 'UTC'), l.listed_at,
        n.shipped_at > toDateTime(0, 'UTC') AND NOT n.is_baseline, n.shipped_at,
        NULL
    ) AS deployed_at,
    isNull(deployed_at) AND n.is_baseline AS is_history,
    multiIf(isNull(deployed_at), '', l.listed_at > toDateTime(0, 'UTC'), l.listed_by, n.deployment_key) AS deployment_key,
    multiIf(isNull(deployed_at), '', l.listed_at > toDateTime(0, 'UTC'), 'listed', 'next') AS matched_by,
    multiIf(
        isNotNull(deployed_at), '',
        is_history, 'history',
        s.last_shipped_at = toDateTime(0, 'UTC'), 'none recorded',
        s.last_shipped_at < p.merged_at, 'none since',
        'not listed'
    ) AS missed_by,
    if(deployed_at >= merged_at, dateDiff('second', merged_at, deployed_at) / 3600, NULL) AS deploy_hours,
    if(deployed_at >= first_commit_at, dateDiff('second', first_commit_at, deployed_at) / 3600, NULL) AS lead_hours
FROM (
    SELECT
        person, is_bot, repo_id, number, title, url, approximate, is_excluded, first_commit_at,
        assumeNotNull(merged_at) AS merged_at
    FROM prs
    WHERE isNotNull(prs.merged_at)
) AS p
LEFT ANY JOIN (
    SELECT repo_id, arrayJoin(pr_numbers) AS number, min(shipped_at) AS listed_at,
        argMin(deployment_key, (shipped_at, deployment_key)) AS listed_by
    FROM shipments
    GROUP BY repo_id, number
) AS l ON l.repo_id = p.repo_id AND l.number = p.number
ASOF LEFT JOIN (
    SELECT repo_id, shipped_at, is_baseline, deployment_key
    FROM shipments
    WHERE is_baseline OR empty(pr_numbers)
) AS n ON n.repo_id = p.repo_id AND n.shipped_at >= p.merged_at
LEFT ANY JOIN (
    SELECT repo_id, max(shipped_at) AS last_shipped_at
    FROM shipments
    GROUP BY repo_id
) AS s ON s.repo_id = p.repo_id
