-- waiting_reviews: reviews that were asked for and not given when the period ended, or now where it has not. Drafts wait
-- for their author; somebody who answered after they were asked, or was taken off again, is asked no more.
SELECT
    q.asked_person AS person,
    any(q.asked_is_bot) AS is_bot,
    q.repo_id AS repo_id,
    q.number AS number,
    any(o.at) AS at,
    any(o.title) AS title,
    any(o.url) AS url,
    any(o.person) AS other,
    any(o.approximate) AS approximate,
    any(o.is_excluded) AS is_excluded,
    max(q.requested_at) AS requested_at,
    dateDiff('second', requested_at, any(o.as_of)) / 3600 AS waited_hours
FROM requests AS q
INNER JOIN open_prs AS o ON o.repo_id = q.repo_id AND o.number = q.number
LEFT ANY JOIN (
    SELECT repo_id, number, responder, max(responded_at) AS last_at
    FROM responses
    WHERE responded_at < {end:DateTime('UTC')}
    GROUP BY repo_id, number, responder
) AS a ON a.repo_id = q.repo_id AND a.number = q.number AND a.responder = q.asked_person
WHERE NOT o.is_draft AND q.requested_at < o.as_of AND q.asked_person != o.person AND a.last_at < q.requested_at
    AND (isNull(q.withdrawn_at) OR q.withdrawn_at > o.as_of)
GROUP BY q.asked_person, q.repo_id, q.number
