-- trailed_commits: commits without a pull request whose trailers name a reviewer, of their author
SELECT
    if(p.person_id = '', concat('identity:', toString(c.author_id)), p.person_id) AS person,
    p.is_bot AS is_bot,
    c.repo_id AS repo_id,
    c.sha AS sha,
    c.subject AS subject
FROM every_commit_row AS c
LEFT ANY JOIN persons AS p ON p.identity_id = c.author_id
WHERE c.sha IN (SELECT substring(review_key, 1, position(review_key, ':') - 1) FROM review_rows WHERE pr_number = 0)
