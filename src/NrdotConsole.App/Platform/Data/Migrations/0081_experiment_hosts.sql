-- Which arm each host was drawn into, since when, and when it was first seen outside of it: what it tells counts between the two.
CREATE TABLE experiment_hosts (
    run_id     INTEGER NOT NULL REFERENCES experiment_runs (id),
    tenant     TEXT NOT NULL,
    host_key   TEXT NOT NULL,
    treated    INTEGER NOT NULL CHECK (treated IN (0, 1)),
    joined_at  INTEGER NOT NULL,
    left_at    INTEGER,
    PRIMARY KEY (run_id, tenant, host_key)
) STRICT, WITHOUT ROWID;

INSERT INTO experiment_hosts (run_id, tenant, host_key, treated, joined_at)
SELECT s.run_id, s.tenant, s.host_key, min(s.treated), min(r.started_at)
FROM experiment_samples s JOIN experiment_runs r ON r.id = s.run_id
GROUP BY s.run_id, s.tenant, s.host_key;

-- Sums of each host's samples in the time before its run, whichever arm it comes to.
CREATE TABLE experiment_before (
    run_id    INTEGER NOT NULL REFERENCES experiment_runs (id),
    signal    TEXT NOT NULL,
    tenant    TEXT NOT NULL,
    host_key  TEXT NOT NULL,
    samples   INTEGER NOT NULL,
    total     REAL NOT NULL,
    PRIMARY KEY (run_id, signal, tenant, host_key)
) STRICT, WITHOUT ROWID;
