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
FROM prs AS p
INNER JOIN repo_presence AS a ON a.repo_id = p.repo_id
LEFT ANY JOIN (
    SELECT repo_id, number, groupUniqArray(reviewer) AS reviewers
    FROM reviews_of_others
    GROUP BY repo_id, number
) AS r ON r.repo_id = p.repo_id AND r.number = p.number
WHERE isNotNull(p.opened_at)
    AND a.person != p.person
    AND toInt32(toDate(p.opened_at)) BETWEEN a.first_day AND a.last_day
