-- present_changes: changes of files that are there, under the name that they have now; of repositories of which nobody
-- says what is there, all changes
SELECT
    c.person AS person,
    c.is_bot AS is_bot,
    c.repo_id AS repo_id,
    c.at AS at,
    c.sha AS sha,
    if(f.path = '', c.path, f.path) AS path,
    c.language AS language,
    c.additions AS additions,
    c.deletions AS deletions,
    c.is_generated AS is_generated,
    f.lines AS lines_now,
    if(f.known = 1, f.complexity, NULL) AS complexity
FROM file_changes AS c
LEFT ANY JOIN files_known AS f ON f.repo_id = c.repo_id AND f.known_as = c.path
WHERE f.path != '' OR c.repo_id NOT IN (SELECT repo_id FROM tree_rows)
