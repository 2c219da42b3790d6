-- open_prs: pull requests that were open when the period ended, or now where it has not; when they were last touched,
-- and what they wait for. Whether one is a draft is known of now alone.
SELECT
    p.person AS person,
    p.is_bot AS is_bot,
    p.repo_id AS repo_id,
    p.number AS number,
    p.title AS title,
    p.url AS url,
    p.approximate AS approximate,
    p.is_excluded AS is_excluded,
    least({end:DateTime('UTC')}, toTimeZone(toDateTime({today:Date} + 1, {tz:String}), 'UTC')) AS as_of,
    as_of - 1 AS at,
    assumeNotNull(p.opened_at) AS opened_at,
    p.is_draft AS is_draft,
    a.responders AS responders,
    greatest(opened_at, ifNull(c.last_push_at, opened_at), ifNull(a.last_response_at, opened_at)) AS touched_at,
    dateDiff('second', opened_at, as_of) / 3600 AS age_hours,
    dateDiff('second', touched_at, as_of) / 3600 AS quiet_hours,
    multiIf(
        is_draft, 'author: draft',
        a.responders = 0, 'first review',
        isNotNull(a.asked_at) AND a.asked_at >= ifNull(c.last_push_at, a.asked_at)
            AND a.asked_at >= ifNull(a.approved_at, a.asked_at), 'author: changes requested',
        isNotNull(a.approved_at), 'merge',
        'review'
    ) AS waits_for
FROM prs AS p
LEFT ANY JOIN (
    SELECT
        r.repo_id AS repo_id,
        r.number AS number,
        uniqExactIf(r.responder, r.responder != o.person) AS responders,
        max(r.responded_at) AS last_response_at,
        maxOrNullIf(r.responded_at, r.verdict = 'approved' AND r.responder != o.person) AS approved_at,
        maxOrNullIf(r.responded_at, r.verdict = 'changes_requested' AND r.responder != o.person) AS asked_at
    FROM responses AS r
    INNER JOIN prs AS o ON o.repo_id = r.repo_id AND o.number = r.number
    WHERE r.responder_is_bot = 0 AND r.responded_at < {end:DateTime('UTC')}
    GROUP BY repo_id, number
) AS a ON a.repo_id = p.repo_id AND a.number = p.number
LEFT ANY JOIN (
    SELECT repo_id, pr_number, max(pushed_at) AS last_push_at
    FROM pr_commit_rows
    WHERE pushed_at < {end:DateTime('UTC')}
    GROUP BY repo_id, pr_number
) AS c ON c.repo_id = p.repo_id AND c.pr_number = p.number
WHERE isNotNull(p.opened_at) AND p.opened_at < as_of
    AND (isNull(p.merged_at) OR p.merged_at >= as_of) AND (isNull(p.closed_at) OR p.closed_at >= as_of)
