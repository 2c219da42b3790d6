-- reviews_of_others: one row a review of somebody else's pull request, or of a commit that a trailer says was reviewed
SELECT
    v.reviewer AS reviewer,
    v.reviewer_is_bot AS reviewer_is_bot,
    if(p.person = '', t.person, p.person) AS author,
    p.is_bot OR t.is_bot AS author_is_bot,
    v.repo_id AS repo_id,
    v.number AS number,
    v.review_key AS review_key,
    v.sha AS sha,
    if(p.person = '', t.subject, p.title) AS title,
    p.merged_at AS merged_at,
    p.start_at AS start_at,
    v.submitted_at AS submitted_at,
    v.verdict AS verdict,
    v.comments AS comments,
    v.approximate AS approximate
FROM (
    SELECT
        if(w.person_id = '', concat('identity:', toString(r.reviewer_id)), w.person_id) AS reviewer,
        w.is_bot AS reviewer_is_bot,
        r.repo_id AS repo_id,
        r.pr_number AS number,
        r.review_key AS review_key,
        r.submitted_at AS submitted_at,
        r.state AS verdict,
        r.comments AS comments,
        r.approximate AS approximate,
        if(r.pr_number = 0, substring(r.review_key, 1, position(r.review_key, ':') - 1), '') AS sha
    FROM review_rows AS r
    LEFT ANY JOIN persons AS w ON w.identity_id = r.reviewer_id
) AS v
LEFT ANY JOIN prs AS p ON p.repo_id = v.repo_id AND p.number = v.number
LEFT ANY JOIN trailed_commits AS t ON t.repo_id = v.repo_id AND t.sha = v.sha
WHERE v.reviewer != author
