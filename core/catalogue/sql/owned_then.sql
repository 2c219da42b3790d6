-- owned_then: what each identity wrote of each repository in files that are there, weighed
SELECT author_id, repo_id, sum(weight) AS weight, sum(additions) AS written, max(authored_at) AS last_at
FROM weighed_files
WHERE /*there*/
GROUP BY author_id, repo_id
