-- shared_work: reviews, comments and co-written commits of two people, each once from either side
SELECT
    if(i.side = 'given', i.one, i.two) AS person,
    if(i.side = 'given', i.two, i.one) AS other,
    i.side AS side,
    i.is_bot AS is_bot,
    i.repo_id AS repo_id,
    i.at AS at,
    i.how AS how,
    i.weight AS weight,
    i.number AS number,
    i.sha AS sha,
    i.subject AS subject
FROM (
    SELECT
        reviewer AS one,
        author AS two,
        reviewer_is_bot OR author_is_bot AS is_bot,
        repo_id,
        submitted_at AS at,
        'review' AS how,
        1.0 AS weight,
        number,
        sha,
        title AS subject,
        arrayJoin(['given', 'received']) AS side
    FROM reviews_of_others
    WHERE author != ''
    UNION ALL
    SELECT
        if(w.person_id = '', concat('identity:', toString(c.author_id)), w.person_id) AS one,
        p.person AS two,
        w.is_bot OR p.is_bot AS is_bot,
        c.repo_id AS repo_id,
        c.created_at AS at,
        'comment' AS how,
        0.25 AS weight,
        c.pr_number AS number,
        '' AS sha,
        p.title AS subject,
        arrayJoin(['given', 'received']) AS side
    FROM comment_rows AS c
    LEFT ANY JOIN persons AS w ON w.identity_id = c.author_id
    INNER JOIN prs AS p ON p.repo_id = c.repo_id AND p.number = c.pr_number
    WHERE one != two
    UNION ALL
    SELECT
        if(a.person_id = '', concat('identity:', toString(k.helper_id)), a.person_id) AS one,
        k.person AS two,
        k.is_bot OR a.is_bot AS is_bot,
        k.repo_id AS repo_id,
        k.at AS at,
        'co-authored' AS how,
        1.0 AS weight,
        toUInt32(0) AS number,
        k.sha AS sha,
        k.subject AS subject,
        arrayJoin(['given', 'received']) AS side
    FROM (
        SELECT person, is_bot, repo_id, at, sha, subject, arrayJoin(arrayDistinct(co_author_ids)) AS helper_id
        FROM authored_commits
        WHERE NOT is_merge AND notEmpty(co_author_ids)
    ) AS k
    LEFT ANY JOIN persons AS a ON a.identity_id = k.helper_id
    WHERE one != two
) AS i
WHERE i.one != 'identity:0' AND i.two != 'identity:0'
