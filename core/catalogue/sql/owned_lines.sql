-- owned_lines: what each person wrote of each repository in files that are there when the period ends, a line's weight
-- halved every 180 days; of repositories of which nobody says what is there, in all files
SELECT
    if(p.person_id = '', concat('identity:', toString(w.author_id)), p.person_id) AS person,
    max(p.is_bot) AS is_bot,
    w.repo_id AS repo_id,
    least({end:DateTime('UTC')}, toTimeZone(toDateTime({today:Date} + 1, {tz:String}), 'UTC')) - 1 AS at,
    sum(w.weight) AS weight,
    sum(w.written) AS written,
    max(w.last_at) AS last_at
FROM owned_then AS w
LEFT ANY JOIN persons AS p ON p.identity_id = w.author_id
GROUP BY person, repo_id
