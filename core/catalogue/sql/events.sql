-- events: what people do besides committing: open, merge and close pull requests, and review
SELECT
    person,
    is_bot,
    repo_id,
    arrayJoin(arrayDistinct(arrayMap(m -> assumeNotNull(m), arrayFilter(m -> isNotNull(m), [opened_at, merged_at, closed_at])))) AS at,
    number,
    '' AS sha,
    'pull request' AS what
FROM prs
UNION ALL
SELECT reviewer AS person, reviewer_is_bot AS is_bot, repo_id, submitted_at AS at, number, sha,
    'review' AS what
FROM reviews_of_others
