-- authored_commits: one row a commit, of its author; generated lines stand beside the others and are added if asked for
SELECT
    if(p.person_id = '', concat('identity:', toString(c.author_id)), p.person_id) AS person,
    p.is_bot AS is_bot,
    c.repo_id AS repo_id,
    c.authored_at AS at,
    c.authored_at + INTERVAL c.author_offset MINUTE AS local_at,
    c.author_email AS email,
    c.author_name AS author_name,
    c.author_id AS author_id,
    c.co_author_ids AS co_author_ids,
    c.reviewer_ids AS reviewer_ids,
    c.sha AS sha,
    c.subject AS subject,
    c.is_merge AS is_merge,
    if({include_generated:UInt8} = 1, 0, toInt64(c.generated_additions)) AS generated_added,
    if({include_generated:UInt8} = 1, 0, toInt64(c.generated_deletions)) AS generated_removed,
    toInt64(c.additions) + toInt64(c.generated_additions) - generated_added AS lines_added,
    toInt64(c.deletions) + toInt64(c.generated_deletions) - generated_removed AS lines_removed,
    NOT has(if(empty(s.working_weekdays), [1, 2, 3, 4, 5], s.working_weekdays), toDayOfWeek(local_at)) AS is_weekend,
    toHour(local_at) >= 22 OR toHour(local_at) < 6 AS is_late_night
    /*component*/
FROM commit_rows AS c
LEFT ANY JOIN persons AS p ON p.identity_id = c.author_id
LEFT ANY JOIN schedule_rows AS s ON s.person_id = p.person_id
