-- pull_events: everything that happened to pull requests, a row each
SELECT
    if(w.person_id = '', if(e.actor_id = 0, '', concat('identity:', toString(e.actor_id))), w.person_id) AS person,
    0 AS is_bot,
    e.repo_id AS repo_id,
    e.number AS number,
    assumeNotNull(e.moment) AS at,
    e.what AS what,
    e.detail AS detail
FROM (
    SELECT repo_id, number, first_commit_at AS moment, author_id AS actor_id, 'first commit' AS what, '' AS detail
    FROM pull_request_rows
    UNION ALL
    SELECT repo_id, number, opened_at AS moment, author_id AS actor_id, 'opened' AS what, '' AS detail
    FROM pull_request_rows
    UNION ALL
    SELECT repo_id, number, ready_at AS moment, author_id AS actor_id, 'ready for review' AS what, '' AS detail
    FROM pull_request_rows
    WHERE ready_at > opened_at
    UNION ALL
    SELECT repo_id, number, merged_at AS moment, merged_by_id AS actor_id, 'merged' AS what, '' AS detail
    FROM pull_request_rows
    UNION ALL
    SELECT repo_id, number, closed_at AS moment, toUInt64(0) AS actor_id, 'closed' AS what, '' AS detail
    FROM pull_request_rows
    WHERE isNull(merged_at)
    UNION ALL
    SELECT repo_id, pr_number AS number, toNullable(pushed_at) AS moment, author_id AS actor_id, 'pushed' AS what,
        substring(sha, 1, 10) AS detail
    FROM pr_commit_rows
    UNION ALL
    SELECT repo_id, pr_number AS number, toNullable(requested_at) AS moment, reviewer_id AS actor_id,
        'asked for a review' AS what, '' AS detail
    FROM request_rows
    UNION ALL
    SELECT repo_id, pr_number AS number, toNullable(submitted_at) AS moment, reviewer_id AS actor_id,
        replaceAll(toString(state), '_', ' ') AS what,
        if(comments > 0, concat(toString(comments), if(comments = 1, ' comment', ' comments')), '') AS detail
    FROM review_rows
    UNION ALL
    SELECT repo_id, pr_number AS number, toNullable(created_at) AS moment, author_id AS actor_id, 'comment' AS what,
        path AS detail
    FROM comment_rows
    UNION ALL
    SELECT repo_id, number, deployed_at AS moment, toUInt64(0) AS actor_id, 'deployed' AS what, '' AS detail
    FROM changes
) AS e
LEFT ANY JOIN persons AS w ON w.identity_id = e.actor_id
WHERE isNotNull(e.moment)
