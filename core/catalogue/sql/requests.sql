-- requests: who was asked to review what, when, and when that was taken back
SELECT
    if(w.person_id = '', concat('identity:', toString(r.reviewer_id)), w.person_id) AS asked_person,
    w.is_bot AS asked_is_bot,
    r.repo_id AS repo_id,
    r.pr_number AS number,
    r.requested_at AS requested_at,
    r.withdrawn_at AS withdrawn_at
FROM request_rows AS r
LEFT ANY JOIN persons AS w ON w.identity_id = r.reviewer_id
