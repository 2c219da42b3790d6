-- reworked_lines: lines that a commit changed or removed, by whose they were: one row for each commit of the 21 days
-- before that wrote some of them, and one for all that are older
SELECT
    if(p.person_id = '', concat('identity:', toString(c.author_id)), p.person_id) AS person,
    p.is_bot AS is_bot,
    c.repo_id AS repo_id,
    c.authored_at AS at,
    c.sha AS sha,
    c.path AS path,
    c.lines AS lines,
    c.unknown AS unknown,
    c.previous_sha AS previous_sha,
    if(o.person_id = '', concat('identity:', toString(c.previous_id)), o.person_id) AS previous_person,
    c.previous_sha != '' AS is_young,
    is_young AND previous_person = person AS is_own,
    is_young AND previous_person != person AS is_others,
    if(is_young, greatest(dateDiff('second', c.previous_at, c.authored_at), 0) / 3600, NULL) AS age_hours,
    multiIf(is_own, 'their own', is_others, 'somebody else''s', 'older') AS whose
FROM line_rows AS c
LEFT ANY JOIN persons AS p ON p.identity_id = c.author_id
LEFT ANY JOIN persons AS o ON o.identity_id = c.previous_id
WHERE c.path != '' AND /*folder*/
