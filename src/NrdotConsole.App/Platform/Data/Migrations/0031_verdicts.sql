-- Verdicts as they were given. A verdict that rises is a further revision; only its end is ever filled in.
CREATE TABLE verdicts (
    id          INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    tenant      TEXT NOT NULL,
    host_key    TEXT NOT NULL,
    host_name   TEXT NOT NULL,
    executable  TEXT NOT NULL,
    owner       TEXT NOT NULL,
    level       INTEGER NOT NULL,
    score       REAL NOT NULL,
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    explanation TEXT NOT NULL,
    votes       TEXT NOT NULL,
    features    TEXT NOT NULL,
    PRIMARY KEY (id, revision)
) STRICT;
CREATE INDEX verdicts_by_start ON verdicts (started_at);
CREATE INDEX verdicts_by_host ON verdicts (tenant, host_key, started_at);
