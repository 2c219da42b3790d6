-- merged_changes: changes by when they were merged
SELECT changes.*, merged_at AS at
FROM changes
