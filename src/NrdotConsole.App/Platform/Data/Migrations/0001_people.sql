-- People, their API tokens, and one-time links. Times are unix milliseconds; sets are JSON arrays; null tenants mean all.
CREATE TABLE users (
    id                INTEGER PRIMARY KEY,
    name              TEXT NOT NULL,
    name_key          TEXT NOT NULL UNIQUE,          -- the name, lower case: how it is looked up
    role              TEXT NOT NULL CHECK (role IN ('viewer', 'manager', 'operator', 'admin')),
    tenants           TEXT,
    password_hash     TEXT,                          -- null: cannot sign in by password (yet)
    external_subject  TEXT UNIQUE,                   -- OpenID Connect: issuer and subject
    disabled          INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    failed_sign_ins   INTEGER NOT NULL DEFAULT 0,
    locked_until      INTEGER,
    created_at        INTEGER NOT NULL,
    last_sign_in_at   INTEGER
) STRICT;

CREATE TABLE setup_links (
    token_hash  TEXT PRIMARY KEY,                    -- SHA-256, hex: the link itself is shown once and kept nowhere
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id            TEXT PRIMARY KEY,
    user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at    INTEGER NOT NULL,
    last_seen_at  INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    address       TEXT NOT NULL,
    agent         TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE api_tokens (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    token_hash    TEXT NOT NULL UNIQUE,
    hint          TEXT NOT NULL,                     -- its first characters, to tell tokens apart
    owner_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    scopes        TEXT NOT NULL,
    tenants       TEXT,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER,
    last_used_at  INTEGER,
    revoked_at    INTEGER
) STRICT;
CREATE INDEX api_tokens_by_owner ON api_tokens (owner_id);

-- Counts every attempt: an unknown name costs the same write as a known one, so the time of the answer tells nothing.
CREATE TABLE sign_in_attempts (total INTEGER NOT NULL) STRICT;
INSERT INTO sign_in_attempts (total) VALUES (0);
