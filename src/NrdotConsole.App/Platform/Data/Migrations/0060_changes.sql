-- Changes: one row each, their approvals, and every step of their lives. Content lies in Git; ids here are full commit and tree ids.
-- Times are unix milliseconds; columns that end in _json hold JSON.
CREATE TABLE change_counter (last INTEGER NOT NULL) STRICT;
INSERT INTO change_counter (last) VALUES (0);

CREATE TABLE changes (
    id               INTEGER PRIMARY KEY,
    version          INTEGER NOT NULL,               -- grows with every write: two who act at once do not overwrite each other
    revision         INTEGER NOT NULL,               -- grows with every edit of the content
    kind             TEXT NOT NULL,
    title            TEXT NOT NULL,
    reason           TEXT NOT NULL,
    state            TEXT NOT NULL,
    author           TEXT NOT NULL,
    authors_json     TEXT NOT NULL,
    emergency        INTEGER NOT NULL CHECK (emergency IN (0, 1)),
    origin           TEXT NOT NULL,
    base_commit      TEXT NOT NULL,
    content_commit   TEXT NOT NULL,
    tree             TEXT NOT NULL,
    targets_json     TEXT NOT NULL,
    rollout_json     TEXT NOT NULL,
    hash             TEXT NOT NULL,
    blast_json       TEXT,
    dry_run_json     TEXT,                           -- of the present revision
    rolling_commit   TEXT,
    previous_commit  TEXT,
    reverts          INTEGER REFERENCES changes (id),
    request_key      TEXT UNIQUE,                    -- what the creator called this request: sent again, it makes no second Change
    created_at       INTEGER NOT NULL,
    changed_at       INTEGER NOT NULL,
    started_at       INTEGER,
    ended_at         INTEGER
) STRICT;
CREATE INDEX changes_by_state ON changes (state, id);
-- The fleet is altered by one Change at a time.
CREATE UNIQUE INDEX changes_one_moves ON changes ((1)) WHERE state IN ('Rolling', 'RollingBack');

CREATE TABLE change_approvals (
    change_id  INTEGER NOT NULL REFERENCES changes (id),
    revision   INTEGER NOT NULL,
    account    TEXT NOT NULL,
    hash       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    reason     TEXT,
    self       INTEGER NOT NULL CHECK (self IN (0, 1)),
    PRIMARY KEY (change_id, revision, account)
) STRICT;

CREATE TABLE change_events (
    id             INTEGER PRIMARY KEY,
    change_id      INTEGER NOT NULL REFERENCES changes (id),
    at             INTEGER NOT NULL,
    actor          TEXT NOT NULL,
    step           TEXT,
    from_state     TEXT,
    to_state       TEXT NOT NULL,
    text           TEXT NOT NULL,
    reason         TEXT,
    hash           TEXT NOT NULL,
    evidence_json  TEXT
) STRICT;
CREATE INDEX change_events_by_change ON change_events (change_id, id);
CREATE INDEX change_events_by_time ON change_events (at);
CREATE TRIGGER change_events_no_update BEFORE UPDATE ON change_events
BEGIN SELECT RAISE(ABORT, 'events of changes are append-only'); END;
