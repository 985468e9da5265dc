-- Every time that a guardrail turned a flag off: flag_trips forgets a trip once the repository agrees, the limit a day and people look back.
CREATE TABLE flag_trip_log (
    flag_key TEXT NOT NULL,
    at       INTEGER NOT NULL,
    signal   TEXT NOT NULL,
    measured REAL NOT NULL,
    bound    TEXT NOT NULL,
    PRIMARY KEY (flag_key, at)
) STRICT, WITHOUT ROWID;
