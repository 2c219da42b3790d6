-- commit_days: commits by date, and beside them the working days of whoever makes them, so that both add up
SELECT
    person,
    max(is_bot) AS is_bot,
    toDate(at, {tz:String}) AS day,
    count() AS commits,
    toUInt64(0) AS working_days
    /*axis*/
FROM authored_commits
WHERE NOT is_merge
GROUP BY person, day /*axis*/
UNION ALL
SELECT
    d.person AS person,
    d.is_bot AS is_bot,
    d.day AS day,
    toUInt64(0) AS commits,
    toUInt64(1) AS working_days
    /*axis*/
FROM present_days AS d
LEFT ANY JOIN schedule_rows AS s ON s.person_id = d.person
LEFT ANTI JOIN day_off_rows AS o ON o.person_id = d.person AND o.day = d.day
WHERE has(if(empty(s.working_weekdays), [1, 2, 3, 4, 5], s.working_weekdays), toDayOfWeek(d.day))
