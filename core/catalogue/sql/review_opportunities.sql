-- review_opportunities: for each person the pull requests that others opened where the person was active
SELECT
    a.person AS person,
    a.is_bot OR p.is_bot AS is_bot,
    p.repo_id AS repo_id,
    assumeNotNull(p.opened_at) AS at,
    p.number AS number,
    p.title AS title,
    p.url AS url,
    p.approximate AS approximate,
    p.is_excluded AS is_excluded,
    has(r.reviewers, a.person) AS is_reviewed
FROM (
    SELECT * FROM prs
    WHERE opened_at >= {start:DateTime('UTC')} AND opened_at < {end:DateTime('UTC')}
) AS p
INNER JOIN repo_presence AS a ON a.repo_id = p.repo_id
LEFT ANY JOIN (
    SELECT
        v.repo_id AS repo_id,
        v.pr_number AS number,
        groupUniqArray(if(w.person_id = '', concat('identity:', toString(v.reviewer_id)), w.person_id)) AS reviewers
    FROM review_rows AS v
    LEFT ANY JOIN persons AS w ON w.identity_id = v.reviewer_id
    GROUP BY repo_id, number
) AS r ON r.repo_id = p.repo_id AND r.number = p.number
WHERE a.person != p.person
    AND toInt32(toDate(p.opened_at)) BETWEEN a.first_day AND a.last_day
