-- repo_presence: spans of days in which somebody was active in a repository within the 90 days before
SELECT
    person,
    repo_id,
    max(is_bot) AS is_bot,
    arraySort(groupUniqArray(toInt32(toDate(at)))) AS dates,
    arrayJoin(arraySplit((date, gap) -> gap > 90, dates, arrayDifference(dates))) AS run,
    run[1] AS first_day,
    run[-1] + 90 AS last_day
FROM (
    SELECT person, repo_id, is_bot, at FROM authored_commits WHERE NOT is_merge
    UNION ALL
    SELECT person, repo_id, is_bot, at FROM events
)
GROUP BY person, repo_id
