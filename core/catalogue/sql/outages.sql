-- outages: incidents by when they began
SELECT
    repo_id,
    opened_at AS at,
    incident_key,
    deployment_key,
    title,
    severity,
    resolved_at,
    url,
    if(resolved_at >= opened_at, dateDiff('second', opened_at, resolved_at) / 3600, NULL) AS resolve_hours
FROM incident_rows
