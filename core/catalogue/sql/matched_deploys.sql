-- matched_deploys: deployments with the pull requests that they took, and what is to be said of those that took none
SELECT
    d.repo_id AS repo_id,
    d.at AS at,
    d.deployment_key AS deployment_key,
    d.environment AS environment,
    d.status AS status,
    d.sha AS sha,
    d.url AS url,
    d.is_production AS is_production,
    d.failure_link AS failure_link,
    d.recovery_hours AS recovery_hours,
    c.listed AS listed,
    c.following AS following,
    c.numbers AS numbers,
    d.is_production AND d.is_success AND d.is_finished AS is_shipment,
    lagInFrame(d.sha, 1, '') OVER (PARTITION BY d.repo_id, is_shipment ORDER BY d.at, d.deployment_key
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS sha_before,
    multiIf(
        d.is_cancelled, 'cancelled',
        NOT d.is_production, 'no production',
        NOT d.is_finished, 'running',
        NOT d.is_success, 'unsuccessful',
        b.is_baseline AND c.listed = 0, 'baseline',
        c.listed > 0, 'listed',
        c.following > 0, 'next',
        d.sha != '' AND d.sha = sha_before, 'same commit',
        notEmpty(d.pr_numbers), 'taken before',
        'nothing merged'
    ) AS matched_by
FROM deploys AS d
LEFT ANY JOIN (
    SELECT
        repo_id,
        deployment_key,
        countIf(matched_by = 'listed') AS listed,
        countIf(matched_by = 'next') AS following,
        arraySort(groupArray(number)) AS numbers
    FROM changes
    WHERE deployment_key != ''
    GROUP BY repo_id, deployment_key
) AS c ON c.repo_id = d.repo_id AND c.deployment_key = d.deployment_key
LEFT ANY JOIN (
    SELECT repo_id, deployment_key, is_baseline
    FROM shipments
) AS b ON b.repo_id = d.repo_id AND b.deployment_key = d.deployment_key
