-- Runs of experiments. A definition that changes begins another run. Times are unix milliseconds.
CREATE TABLE experiment_runs (
    id               INTEGER PRIMARY KEY,
    key              TEXT NOT NULL,
    definition_json  TEXT NOT NULL,
    started_at       INTEGER NOT NULL,
    sampled_at       INTEGER,
    ended_at         INTEGER,
    why_ended        TEXT
) STRICT;
CREATE UNIQUE INDEX experiment_runs_open ON experiment_runs (key) WHERE ended_at IS NULL;

-- Sums of each host's samples: their quotient is what arms are compared by.
CREATE TABLE experiment_samples (
    run_id    INTEGER NOT NULL REFERENCES experiment_runs (id),
    signal    TEXT NOT NULL,
    tenant    TEXT NOT NULL,
    host_key  TEXT NOT NULL,
    treated   INTEGER NOT NULL CHECK (treated IN (0, 1)),
    samples   INTEGER NOT NULL,
    total     REAL NOT NULL,
    PRIMARY KEY (run_id, signal, tenant, host_key)
) STRICT, WITHOUT ROWID;

-- What each look said, never altered.
CREATE TABLE experiment_looks (
    run_id       INTEGER NOT NULL REFERENCES experiment_runs (id),
    look         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    report_json  TEXT NOT NULL,
    PRIMARY KEY (run_id, look)
) STRICT, WITHOUT ROWID;
