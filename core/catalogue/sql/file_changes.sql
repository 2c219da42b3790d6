-- file_changes: one row a commit and path, of the commit's author
SELECT
    if(p.person_id = '', concat('identity:', toString(c.author_id)), p.person_id) AS person,
    p.is_bot AS is_bot,
    c.repo_id AS repo_id,
    c.authored_at AS at,
    c.sha AS sha,
    c.path AS path,
    c.language AS language,
    c.additions AS additions,
    c.deletions AS deletions,
    c.generated = 1 AND {include_generated:UInt8} = 0 AS is_generated
    /*component*/
FROM file_rows AS c
LEFT ANY JOIN persons AS p ON p.identity_id = c.author_id
WHERE /*folder*/
