-- weighed_files: added lines up to the period's end, each weighing half as much every 180 days (15,552,000 seconds)
SELECT
    author_id,
    repo_id,
    path,
    authored_at,
    additions,
    additions * exp2(-greatest(dateDiff('second', authored_at,
        least({end:DateTime('UTC')}, toTimeZone(toDateTime({today:Date} + 1, {tz:String}), 'UTC'))), 0) / 15552000
    ) AS weight
FROM file_rows
WHERE authored_at < {end:DateTime('UTC')} AND additions > 0 AND (generated = 0 OR {include_generated:UInt8} = 1)
