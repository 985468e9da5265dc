-- What people say a verdict was. Each row holds what rates are counted by, so that it still counts when its verdict has gone beyond the capacity.
CREATE TABLE anomaly_labels (
    verdict_id  INTEGER PRIMARY KEY,
    is_real     INTEGER NOT NULL CHECK (is_real IN (0, 1)),
    note        TEXT NOT NULL,
    labelled_by TEXT NOT NULL,
    labelled_at INTEGER NOT NULL,
    tenant      TEXT NOT NULL,
    host_key    TEXT NOT NULL,
    started_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX anomaly_labels_by_start ON anomaly_labels (started_at);

-- Anomalies that no verdict told, as people report them. A number is never given twice: the audit log names it.
CREATE TABLE missed_anomalies (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant      TEXT NOT NULL,
    host_key    TEXT NOT NULL,
    host_name   TEXT NOT NULL,
    executable  TEXT NOT NULL,
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL,
    note        TEXT NOT NULL,
    reported_by TEXT NOT NULL,
    reported_at INTEGER NOT NULL
) STRICT;
CREATE INDEX missed_anomalies_by_start ON missed_anomalies (started_at);
