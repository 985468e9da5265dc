-- When a flag was last asked for, and the flags that their guardrails have turned off.
CREATE TABLE flag_use (
    flag_key     TEXT NOT NULL PRIMARY KEY,
    evaluated_at INTEGER NOT NULL,
    evaluations  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE flag_trips (
    flag_key  TEXT NOT NULL PRIMARY KEY,
    at        INTEGER NOT NULL,
    signal    TEXT NOT NULL,
    measured  REAL NOT NULL,
    bound     TEXT NOT NULL,
    change_id INTEGER
) STRICT, WITHOUT ROWID;
