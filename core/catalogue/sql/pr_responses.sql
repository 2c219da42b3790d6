-- pr_responses: for each pull request what other people answered, no later than its merge
SELECT
    a.repo_id AS repo_id,
    a.number AS number,
    count() AS responses,
    countIf(a.verdict != 'comment') AS reviews,
    minOrNullIf(a.responded_at, a.verdict != 'comment') AS first_review_at,
    minOrNullIf(a.responded_at, a.responded_at >= p.start_at) AS first_response_at,
    minOrNullIf(a.responded_at, a.verdict = 'approved' AND a.responded_at >= p.start_at) AS first_approval_at,
    countIf(a.verdict = 'approved') AS approvals,
    countIf(a.verdict = 'changes_requested') AS changes_requested
FROM responses AS a
INNER JOIN prs AS p ON p.repo_id = a.repo_id AND p.number = a.number
WHERE a.responder_is_bot = 0 AND a.responder != p.person AND (isNull(p.merged_at) OR a.responded_at <= p.merged_at)
GROUP BY repo_id, number
