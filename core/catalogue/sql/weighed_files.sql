-- weighed_files: added lines up to the period's end, each weighing half as much every 180 days (15,552,000 seconds)
SELECT
    c.author_id AS author_id,
    c.repo_id AS repo_id,
    c.path AS path,
    c.authored_at AS authored_at,
    c.additions AS additions,
    additions * exp2(-greatest(dateDiff('second', authored_at,
        least({end:DateTime('UTC')}, toTimeZone(toDateTime({today:Date} + 1, {tz:String}), 'UTC'))), 0) / 15552000
    ) AS weight
FROM file_rows AS c
WHERE authored_at < {end:DateTime('UTC')} AND additions > 0 AND (c.generated = 0 OR {include_generated:UInt8} = 1)
