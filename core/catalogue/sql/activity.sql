-- activity: everything that somebody did, one row each
SELECT person, is_bot, repo_id, at, what
FROM events
UNION ALL
SELECT person, is_bot, repo_id, at, 'commit' AS what
FROM authored_commits
WHERE NOT is_merge
