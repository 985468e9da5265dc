-- The ring of every host, kept: an assignment is sticky.
CREATE TABLE ring_assignments (
    tenant    TEXT NOT NULL,
    host_key  TEXT NOT NULL,
    host_name TEXT NOT NULL,
    os        TEXT NOT NULL,
    ring      INTEGER NOT NULL,
    since     INTEGER NOT NULL,
    seen_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant, host_key)
) STRICT, WITHOUT ROWID;
