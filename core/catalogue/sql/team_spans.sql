-- team_spans: for each person the teams with the days of membership, the last day outside
SELECT
    person_id,
    groupArray((team_id, valid_from, valid_to)) AS spans
FROM member_rows
GROUP BY person_id
