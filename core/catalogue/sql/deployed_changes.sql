-- deployed_changes: changes by when they ran in production
SELECT changes.*, assumeNotNull(deployed_at) AS at
FROM changes
WHERE isNotNull(deployed_at)
