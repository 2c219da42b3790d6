-- persons: every known identity with its person and whether that is a bot
SELECT identity_id, person_id, is_bot
FROM identity_rows
