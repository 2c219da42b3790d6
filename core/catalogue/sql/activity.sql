-- activity: everything that somebody did, one row each
SELECT person, is_bot, repo_id, at, number, sha, what
FROM events
UNION ALL
SELECT person, is_bot, repo_id, at, toUInt32(0) AS number, sha, 'commit' AS what
FROM authored_commits
WHERE NOT is_merge
