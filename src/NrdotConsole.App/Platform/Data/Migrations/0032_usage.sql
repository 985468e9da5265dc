-- Uncompressed bytes and points received, by tenant and UTC day (yyyy-mm-dd): what money is computed from.
CREATE TABLE usage_days (
    tenant TEXT NOT NULL,
    day    TEXT NOT NULL,
    bytes  INTEGER NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (tenant, day)
) STRICT, WITHOUT ROWID;
