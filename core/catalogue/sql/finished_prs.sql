-- finished_prs: pull requests that were merged or closed, with their clocks in hours; a negative clock is unknown
SELECT
    p.person AS person,
    p.is_bot AS is_bot,
    p.repo_id AS repo_id,
    assumeNotNull(coalesce(p.merged_at, p.closed_at)) AS at,
    p.number AS number,
    p.title AS title,
    p.url AS url,
    p.approximate AS approximate,
    p.is_excluded AS is_excluded,
    isNotNull(p.merged_at) AS is_merged,
    p.merger AS merger,
    p.first_commit_at AS first_commit_at,
    p.opened_at AS opened_at,
    p.start_at AS start_at,
    r.first_response_at AS first_response_at,
    r.first_approval_at AS first_approval_at,
    p.merged_at AS merged_at,
    if(p.approximate AND p.size = 0, NULL, p.size) AS size,
    r.responses AS responses,
    r.reviews AS reviews,
    r.approvals AS approvals,
    r.changes_requested > 0
        OR (isNotNull(r.first_review_at) AND c.last_push_at > r.first_review_at AND c.last_push_at <= p.merged_at)
        AS is_reworked,
    if(p.merged_at >= p.start_at, dateDiff('second', p.start_at, p.merged_at) / 3600, NULL) AS cycle_hours,
    dateDiff('second', p.start_at, r.first_response_at) / 3600 AS first_review_hours,
    if(p.merged_at >= p.first_commit_at, dateDiff('second', p.first_commit_at, p.merged_at) / 3600, NULL)
        AS first_commit_hours,
    if(p.opened_at >= p.first_commit_at, dateDiff('second', p.first_commit_at, p.opened_at) / 3600, NULL)
        AS coding_hours,
    if(p.start_at >= p.opened_at, dateDiff('second', p.opened_at, p.start_at) / 3600, NULL) AS draft_hours,
    first_review_hours AS pickup_hours,
    dateDiff('second', r.first_response_at, r.first_approval_at) / 3600 AS review_hours,
    dateDiff('second', r.first_approval_at, p.merged_at) / 3600 AS merge_wait_hours,
    isNotNull(coding_hours + draft_hours + pickup_hours + review_hours + merge_wait_hours) AS has_all_phases
FROM prs AS p
LEFT ANY JOIN pr_responses AS r ON r.repo_id = p.repo_id AND r.number = p.number
LEFT ANY JOIN pr_pushes AS c ON c.repo_id = p.repo_id AND c.pr_number = p.number
WHERE isNotNull(p.merged_at) OR isNotNull(p.closed_at)
