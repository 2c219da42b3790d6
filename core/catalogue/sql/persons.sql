-- persons: every known identity with its person, whether it is a bot, and on which weekdays it works
SELECT
    i.identity_id AS identity_id,
    i.person_id AS person_id,
    i.is_bot AS is_bot,
    s.working_weekdays AS working_weekdays
FROM identity_rows AS i
LEFT ANY JOIN schedule_rows AS s ON s.person_id = i.person_id
