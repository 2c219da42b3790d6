-- files_known: the files that are there, by every name that they have or had
SELECT
    repo_id,
    path,
    arrayJoin(arrayPushFront(former, path)) AS known_as,
    lines,
    complexity,
    known
FROM tree_rows
