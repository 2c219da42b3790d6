-- pr_pushes: for each pull request when its last commit was pushed
SELECT repo_id, pr_number, max(pushed_at) AS last_push_at
FROM pr_commit_rows
GROUP BY repo_id, pr_number
