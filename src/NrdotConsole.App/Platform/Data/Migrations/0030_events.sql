-- What happened to the fleet, newest kept.
CREATE TABLE events (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    tenant   TEXT NOT NULL,
    host     TEXT NOT NULL,
    text     TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_tenant ON events (tenant, id);
CREATE INDEX events_by_host ON events (host, id);

-- Every host that ever sent data: a restart is not a first sight.
CREATE TABLE known_hosts (
    tenant        TEXT NOT NULL,
    host_key      TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, host_key)
) STRICT, WITHOUT ROWID;
