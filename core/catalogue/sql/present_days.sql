-- present_days: every date within 31 days of a commit of that person: who has left, or has not come yet, is not there
SELECT
    person,
    is_bot,
    toDate(arrayJoin(range(greatest(run[1] - 31, 0), least(run[-1] + 31, toInt32({today:Date})) + 1))) AS day
    /*axis*/
FROM (
    SELECT
        person,
        max(is_bot) AS is_bot,
        arraySort(groupUniqArray(toInt32(toDate(local_at)))) AS dates,
        arrayJoin(arraySplit((date, gap) -> gap > 63, dates, arrayDifference(dates))) AS run
        /*axis*/
    FROM authored_commits
    WHERE NOT is_merge
    GROUP BY person /*axis*/
)
