-- collaborations: who worked with whom, each pair in both directions
SELECT
    if(p.person_id = '', concat('identity:', toString(c.one)), p.person_id) AS person,
    if(o.person_id = '', concat('identity:', toString(c.other_id)), o.person_id) AS other,
    p.is_bot OR o.is_bot AS is_bot,
    c.repo_id AS repo_id,
    c.at AS at,
    c.how AS how,
    toUInt32(0) AS number,
    c.sha AS sha,
    c.subject AS subject
FROM (
    SELECT
        repo_id,
        at,
        sha,
        subject,
        arrayDistinct(arrayPushFront(co_author_ids, author_id)) AS authors,
        arrayJoin(arrayConcat(
            arrayFlatten(arrayMap(x -> arrayMap(y -> (x, y, 'co-authored'), authors), authors)),
            arrayMap(x -> (x, author_id, 'reviewed'), reviewer_ids),
            arrayMap(x -> (author_id, x, 'was reviewed by'), reviewer_ids)
        )) AS pair,
        pair.1 AS one,
        pair.2 AS other_id,
        pair.3 AS how
    FROM authored_commits
    WHERE NOT is_merge AND (notEmpty(co_author_ids) OR notEmpty(reviewer_ids))
) AS c
LEFT ANY JOIN persons AS p ON p.identity_id = c.one
LEFT ANY JOIN persons AS o ON o.identity_id = c.other_id
WHERE person != other
UNION ALL
SELECT
    if(side = 'given', reviewer, author) AS person,
    if(side = 'given', author, reviewer) AS other,
    reviewer_is_bot OR author_is_bot AS is_bot,
    repo_id,
    submitted_at AS at,
    if(side = 'given', 'reviewed', 'was reviewed by') AS how,
    number,
    sha,
    title AS subject
FROM reviews_of_others
ARRAY JOIN ['given', 'received'] AS side
WHERE author != ''
