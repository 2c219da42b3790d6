-- interactions: who worked with whom, each once from either side, and beside them all that everybody did (with nobody
-- as other): who is in those rows alone is isolated. Whoever a source does not name is nobody
SELECT person, other, side, is_bot, repo_id, at, how, weight, number, sha, subject
FROM shared_work
UNION ALL
SELECT
    person,
    '' AS other,
    'alone' AS side,
    is_bot,
    repo_id,
    at,
    what AS how,
    0.0 AS weight,
    number,
    sha,
    '' AS subject
FROM activity
WHERE person != 'identity:0'
