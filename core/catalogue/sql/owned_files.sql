-- owned_files: the same file by file, under the name that each has now
SELECT
    if(p.person_id = '', concat('identity:', toString(w.author_id)), p.person_id) AS person,
    max(p.is_bot) AS is_bot,
    w.repo_id AS repo_id,
    if(f.path = '', w.path, f.path) AS path,
    least({end:DateTime('UTC')}, toTimeZone(toDateTime({today:Date} + 1, {tz:String}), 'UTC')) - 1 AS at,
    sum(w.weight) AS weight,
    sum(w.written) AS written,
    max(w.last_at) AS last_at
FROM (
    SELECT author_id, repo_id, path, sum(weight) AS weight, sum(additions) AS written, max(authored_at) AS last_at
    FROM weighed_files
    GROUP BY author_id, repo_id, path
) AS w
LEFT ANY JOIN files_known AS f ON f.repo_id = w.repo_id AND f.known_as = w.path
LEFT ANY JOIN persons AS p ON p.identity_id = w.author_id
WHERE (f.path != '' OR w.repo_id NOT IN (SELECT repo_id FROM tree_rows)) AND /*folder*/
GROUP BY person, repo_id, path
