-- shipments: successful production deployments; the first one of a repository is its baseline
SELECT
    repo_id,
    at AS shipped_at,
    pr_numbers,
    deployment_key,
    row_number() OVER (PARTITION BY repo_id ORDER BY at, deployment_key) = 1 AS is_baseline
FROM deploys
WHERE is_production AND is_success AND is_finished
