-- pulls: pull requests as the explorer lists them: by the day they were merged or closed, else as they stand at the
-- period's end
SELECT
    p.person AS person,
    p.is_bot AS is_bot,
    p.repo_id AS repo_id,
    p.number AS number,
    p.title AS title,
    p.url AS url,
    p.approximate AS approximate,
    p.is_excluded AS is_excluded,
    p.opened_at AS opened_at,
    p.merged_at AS merged_at,
    p.closed_at AS closed_at,
    p.labels AS labels,
    p.milestone AS milestone,
    m.title AS planned_for,
    least({end:DateTime('UTC')}, toTimeZone(toDateTime({today:Date} + 1, {tz:String}), 'UTC')) - 1 AS as_of,
    if(isNotNull(p.merged_at) AND assumeNotNull(p.merged_at) <= as_of, 'merged',
        if(isNotNull(p.closed_at) AND assumeNotNull(p.closed_at) <= as_of, 'closed', if(p.is_draft, 'draft', 'open')))
        AS state,
    multiIf(state = 'merged', assumeNotNull(p.merged_at), state = 'closed', assumeNotNull(p.closed_at), as_of) AS at,
    if(p.approximate AND p.size = 0, NULL, p.size) AS size,
    ifNull(r.responses, 0) AS responses,
    ifNull(r.approvals, 0) AS approvals,
    dateDiff('second', p.start_at, if(state IN ('merged', 'closed'), at, as_of)) / 3600 AS hours
FROM prs AS p
LEFT ANY JOIN milestone_rows AS m ON m.repo_id = p.repo_id AND m.number = p.milestone
LEFT ANY JOIN pr_responses AS r ON r.repo_id = p.repo_id AND r.number = p.number
WHERE ifNull(p.opened_at, ifNull(p.merged_at, p.closed_at)) <= as_of
