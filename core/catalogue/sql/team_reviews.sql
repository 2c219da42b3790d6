-- team_reviews: reviews no later than the merge, with the teams of both sides on that day
SELECT
    r.repo_id AS repo_id,
    r.number AS number,
    toDate(r.submitted_at, {tz:String}) AS on_date,
    arrayMap(s -> s.1, arrayFilter(s -> s.2 <= on_date AND on_date < s.3, a.spans)) AS own_teams,
    arrayMap(s -> s.1, arrayFilter(s -> s.2 <= on_date AND on_date < s.3, b.spans)) AS their_teams
FROM reviews_of_others AS r
LEFT ANY JOIN team_spans AS a ON a.person_id = r.author
LEFT ANY JOIN team_spans AS b ON b.person_id = r.reviewer
WHERE NOT r.reviewer_is_bot AND r.submitted_at <= r.merged_at
