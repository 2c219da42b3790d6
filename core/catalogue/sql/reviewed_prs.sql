-- reviewed_prs: merged pull requests that somebody else reviewed, and whether one of them was of another team that day
SELECT
    p.person AS person,
    p.is_bot AS is_bot,
    p.repo_id AS repo_id,
    assumeNotNull(p.merged_at) AS at,
    p.number AS number,
    p.title AS title,
    p.url AS url,
    p.is_excluded AS is_excluded,
    v.has_team AS has_team,
    v.is_cross_team AS is_cross_team
FROM prs AS p
INNER JOIN (
    SELECT
        repo_id,
        number,
        max(notEmpty(own_teams)) AS has_team,
        max(notEmpty(own_teams) AND notEmpty(their_teams) AND NOT hasAny(own_teams, their_teams)) AS is_cross_team
    FROM team_reviews
    GROUP BY repo_id, number
) AS v ON v.repo_id = p.repo_id AND v.number = p.number
WHERE isNotNull(p.merged_at)
