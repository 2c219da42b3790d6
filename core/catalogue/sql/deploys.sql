-- deploys: deployments by when they finished, with the failures linked to them
SELECT
    d.repo_id AS repo_id,
    coalesce(d.finished_at, d.started_at) AS at,
    d.deployment_key AS deployment_key,
    d.environment AS environment,
    d.status AS status,
    d.sha AS sha,
    d.url AS url,
    d.pr_numbers AS pr_numbers,
    d.is_production AS is_production,
    d.status IN ('success', 'succeeded', 'successful', 'active', 'inactive') AS is_success,
    d.status IN ('cancelled', 'canceled', 'skipped') AS is_cancelled,
    isNotNull(d.finished_at) AS is_finished,
    d.failed OR i.incidents > 0 AS is_failure,
    multiIf(NOT is_failure, '', d.failure_link != '', d.failure_link, i.incidents > 0, 'incident', 'status') AS failure_link,
    coalesce(d.restored_at, i.resolved_at) AS restored_at,
    if(is_failure AND restored_at >= at, dateDiff('second', at, restored_at) / 3600, NULL) AS recovery_hours
FROM deployment_rows AS d
LEFT ANY JOIN (
    SELECT repo_id, deployment_key, count() AS incidents, max(resolved_at) AS resolved_at
    FROM incident_rows
    WHERE deployment_key != ''
    GROUP BY repo_id, deployment_key
) AS i ON i.repo_id = d.repo_id AND i.deployment_key = d.deployment_key
