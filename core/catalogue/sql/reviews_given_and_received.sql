-- reviews_given_and_received: each review twice, once of its reviewer and once of the pull request's author
SELECT
    arrayJoin(['given', 'received']) AS side,
    if(side = 'given', v.reviewer, v.author) AS person,
    if(side = 'given', v.author, v.reviewer) AS other,
    v.reviewer_is_bot OR (side = 'received' AND v.author_is_bot) AS is_bot,
    v.reviewer_is_bot OR v.author_is_bot AS has_bot,
    concat(person, '>', other) AS pair,
    v.repo_id AS repo_id,
    v.submitted_at AS at,
    v.number AS number,
    v.review_key AS review_key,
    v.sha AS sha,
    v.title AS title,
    v.verdict AS verdict,
    v.comments AS comments,
    v.approximate AS approximate,
    greatest(if(q.withdrawn_at <= v.submitted_at, toDateTime(0, 'UTC'), q.requested_at), coalesce(v.start_at, toDateTime(0, 'UTC'))) AS clock_from,
    if(isNotNull(v.start_at) AND v.submitted_at >= clock_from, dateDiff('second', clock_from, v.submitted_at) / 3600, NULL)
        AS turnaround_hours
FROM reviews_of_others AS v
ASOF LEFT JOIN requests AS q
    ON q.asked_person = v.reviewer AND q.repo_id = v.repo_id AND q.number = v.number AND q.requested_at <= v.submitted_at
WHERE person != ''
