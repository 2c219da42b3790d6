-- opened_prs: pull requests by when they were opened
SELECT
    person,
    is_bot,
    repo_id,
    assumeNotNull(opened_at) AS at,
    number,
    title,
    url,
    approximate,
    is_excluded
FROM prs
WHERE isNotNull(opened_at)
