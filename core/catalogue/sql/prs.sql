-- prs: pull requests of their author; clocks start when one is ready for review, else opened
SELECT
    if(a.person_id = '', concat('identity:', toString(r.author_id)), a.person_id) AS person,
    a.is_bot AS is_bot,
    r.repo_id AS repo_id,
    r.number AS number,
    r.title AS title,
    r.url AS url,
    r.approximate AS approximate,
    r.is_draft AS is_draft,
    arrayExists(
        e -> /*excludes*/,
        (SELECT groupArray((toString(field), pattern, repo_id)) FROM exclusion_rows)
    ) AS is_excluded,
    r.labels AS labels,
    r.milestone AS milestone,
    r.opened_at AS opened_at,
    coalesce(r.ready_at, r.opened_at) AS start_at,
    r.first_commit_at AS first_commit_at,
    r.merged_at AS merged_at,
    r.closed_at AS closed_at,
    multiIf(r.merged_by_id = 0, '', m.person_id = '', concat('identity:', toString(r.merged_by_id)), m.person_id)
        AS merger,
    toInt64(r.additions) + toInt64(r.deletions) AS size
FROM pull_request_rows AS r
LEFT ANY JOIN persons AS a ON a.identity_id = r.author_id
LEFT ANY JOIN persons AS m ON m.identity_id = r.merged_by_id
