-- Agents that speak OpAMP. Times are unix milliseconds.
CREATE TABLE agents (
    uid               TEXT PRIMARY KEY,               -- instance_uid as a UUID
    tenant            TEXT NOT NULL,
    host_key          TEXT NOT NULL,                  -- host.id, else host.name: as in telemetry; '' where it says neither
    state             BLOB NOT NULL,                  -- all it has told, merged: one AgentToServer in protobuf, without its effective configuration
    sequence          INTEGER NOT NULL,               -- of its last message; a gap makes the console ask for everything
    transport         TEXT NOT NULL,                  -- WebSocket or Http
    address           TEXT NOT NULL,
    first_seen        INTEGER NOT NULL,
    last_seen         INTEGER NOT NULL,
    status_at         INTEGER,                        -- when its remote configuration status last changed
    effective_hash    TEXT,                           -- in config_bodies
    effective_at      INTEGER,
    drift_since       INTEGER,
    token_id          INTEGER,                        -- the enrolment token that brought it in
    parent_uid        TEXT,                           -- whose identifier it used at first, where two agents had the same
    secret_hash       TEXT,                           -- SHA-256 of its own secret, once it has used it
    next_secret_hash  TEXT,                           -- of the one it was offered last
    heartbeat_s       INTEGER                         -- the heartbeat interval it was offered last
) STRICT;

-- What each agent shall run, written before it is offered.
CREATE TABLE agent_assignments (
    uid          TEXT PRIMARY KEY,
    hash         TEXT NOT NULL,                       -- in config_bodies
    change_id    INTEGER,                             -- the Change that assigned it; null: main, or a person
    assigned_at  INTEGER NOT NULL
) STRICT;

-- Rendered and effective configurations by the SHA-256 of their text: thousands of hosts share a few.
CREATE TABLE config_bodies (
    hash      TEXT PRIMARY KEY,
    body      TEXT NOT NULL,
    added_at  INTEGER NOT NULL
) STRICT;

-- What collectors could run, by the hash that they tell of it: AvailableComponents in protobuf.
CREATE TABLE agent_components (
    hash      TEXT PRIMARY KEY,
    body      BLOB NOT NULL,
    added_at  INTEGER NOT NULL
) STRICT;

-- Who may bring agents in.
CREATE TABLE enrolment_tokens (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    token_hash    TEXT NOT NULL UNIQUE,               -- SHA-256, hex: the token itself is shown once and kept nowhere
    hint          TEXT NOT NULL,
    tenant        TEXT,                               -- null: the agent's nrdot.tenant decides, else 'default'
    max_uses      INTEGER,                            -- how many agents it may bring in; null: any number
    uses          INTEGER NOT NULL DEFAULT 0,
    created_by    TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER,
    last_used_at  INTEGER,
    revoked_at    INTEGER
) STRICT;
