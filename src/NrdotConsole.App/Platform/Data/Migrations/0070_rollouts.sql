-- Rollouts: the journal of what agents are given. A rollout has its Change's number. Every row is written before what it says is done;
-- times are unix milliseconds, columns that end in _json hold JSON.
CREATE TABLE rollouts (
    id            INTEGER PRIMARY KEY REFERENCES changes (id),
    phase         TEXT NOT NULL,
    plan_json     TEXT NOT NULL,
    state_json    TEXT NOT NULL,                      -- all of the state but its agents
    moves_json    TEXT NOT NULL,                      -- hosts that change their ring once it is applied
    started_at    INTEGER NOT NULL,
    applied_at    INTEGER,
    back_from     INTEGER,                            -- when the way back began
    back_at       INTEGER                             -- and ended
) STRICT;

CREATE TABLE rollout_agents (
    rollout_id      INTEGER NOT NULL REFERENCES rollouts (id),
    uid             TEXT NOT NULL,
    tenant          TEXT NOT NULL,
    host_key        TEXT NOT NULL,
    host_name       TEXT NOT NULL,
    ring            INTEGER NOT NULL,
    target_hash     TEXT NOT NULL,
    previous_hash   TEXT NOT NULL,
    state           TEXT NOT NULL,
    was_absent      INTEGER NOT NULL CHECK (was_absent IN (0, 1)),
    attempts_json   TEXT NOT NULL,
    series_ratio    REAL NOT NULL,                    -- what the dry run expects: after / before
    cost_ratio      REAL NOT NULL,
    PRIMARY KEY (rollout_id, uid)
) STRICT, WITHOUT ROWID;

-- Both configurations of every agent, as text: they do not depend on a later console rendering the same.
CREATE TABLE rollout_configs (
    rollout_id  INTEGER NOT NULL REFERENCES rollouts (id),
    hash        TEXT NOT NULL,
    yaml        TEXT NOT NULL,
    PRIMARY KEY (rollout_id, hash)
) STRICT, WITHOUT ROWID;

-- What hosts measured before a wave began.
CREATE TABLE rollout_baselines (
    rollout_id  INTEGER NOT NULL REFERENCES rollouts (id),
    wave        INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    hosts_json  TEXT NOT NULL,
    PRIMARY KEY (rollout_id, wave)
) STRICT, WITHOUT ROWID;

-- Each look at a gate, with what was measured.
CREATE TABLE rollout_gates (
    rollout_id    INTEGER NOT NULL REFERENCES rollouts (id),
    wave          INTEGER NOT NULL,
    look          INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    verdict       TEXT NOT NULL,
    reason        TEXT NOT NULL,
    results_json  TEXT NOT NULL,
    PRIMARY KEY (rollout_id, wave, look)
) STRICT, WITHOUT ROWID;

-- Configurations that failed: not offered again until a person releases them.
CREATE TABLE poisoned_configs (
    hash            TEXT PRIMARY KEY,
    change_id       INTEGER NOT NULL,
    reason          TEXT NOT NULL,
    poisoned_at     INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,                 -- agents that were given it, over all rollouts
    failures        INTEGER NOT NULL,
    released_at     INTEGER,
    released_by     TEXT,
    release_reason  TEXT
) STRICT, WITHOUT ROWID;
