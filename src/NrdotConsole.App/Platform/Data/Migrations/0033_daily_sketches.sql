-- Sketches of the day's distinct identities, by tenant and metric; yesterday's are dropped.
CREATE TABLE daily_sketches (
    tenant TEXT NOT NULL,
    metric TEXT NOT NULL,
    day    TEXT NOT NULL,
    sketch BLOB NOT NULL,
    PRIMARY KEY (tenant, metric)
) STRICT, WITHOUT ROWID;
