-- shipped_changes: the pull requests of each production deployment: those that it lists, else those merged after the
-- successful one before it. Of the first recorded deployment of a repository only what it lists.
SELECT repo_id, deployment_key, arrayJoin(pr_numbers) AS number
FROM deploys
WHERE is_production
UNION ALL
SELECT d.repo_id AS repo_id, d.deployment_key AS deployment_key, p.number AS number
FROM (
    SELECT o.repo_id AS repo_id, o.deployment_key AS deployment_key, o.at AS shipped_by, n.shipped_at AS next_at
    FROM (SELECT repo_id, deployment_key, at FROM deploys WHERE is_production AND empty(pr_numbers)) AS o
    ASOF LEFT JOIN (
        SELECT repo_id, shipped_at, is_baseline FROM shipments WHERE is_baseline OR empty(pr_numbers)
    ) AS n ON n.repo_id = o.repo_id AND n.shipped_at >= o.at
    WHERE NOT n.is_baseline
) AS d
INNER JOIN (
    SELECT m.repo_id AS repo_id, m.number AS number, m.merged_at AS merged_at, n.shipped_at AS next_at
    FROM (SELECT repo_id, number, assumeNotNull(merged_at) AS merged_at FROM prs WHERE isNotNull(prs.merged_at)) AS m
    ASOF LEFT JOIN (
        SELECT repo_id, shipped_at, is_baseline FROM shipments WHERE is_baseline OR empty(pr_numbers)
    ) AS n ON n.repo_id = m.repo_id AND n.shipped_at >= m.merged_at
    WHERE NOT n.is_baseline
) AS p ON p.repo_id = d.repo_id AND p.next_at = d.next_at
WHERE p.merged_at <= d.shipped_by
