-- active_days: one row a person and local date with a commit, with the time from the first to the last
SELECT
    person,
    max(is_bot) AS is_bot,
    toDate(local_at) AS day,
    count() AS commits,
    dateDiff('second', min(at), max(at)) / 3600 AS active_hours
    /*axis*/
FROM authored_commits
WHERE NOT is_merge
GROUP BY person, day /*axis*/
