-- responses: reviews of and comments on pull requests, of whoever made them
SELECT
    if(p.person_id = '', concat('identity:', toString(u.responder_id)), p.person_id) AS responder,
    p.is_bot AS responder_is_bot,
    u.repo_id AS repo_id,
    u.pr_number AS number,
    u.responded_at AS responded_at,
    u.verdict AS verdict
FROM (
    SELECT repo_id, pr_number, reviewer_id AS responder_id, submitted_at AS responded_at, toString(state) AS verdict
    FROM review_rows
    UNION ALL
    SELECT repo_id, pr_number, author_id AS responder_id, created_at AS responded_at, 'comment' AS verdict
    FROM comment_rows
) AS u
LEFT ANY JOIN persons AS p ON p.identity_id = u.responder_id
