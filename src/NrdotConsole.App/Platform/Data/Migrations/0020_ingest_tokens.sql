-- Who may send telemetry. Times are unix milliseconds.
CREATE TABLE ingest_tokens (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    token_hash    TEXT NOT NULL UNIQUE,              -- SHA-256, hex: the token itself is shown once and kept nowhere
    hint          TEXT NOT NULL,                     -- its first characters, to tell tokens apart
    tenant        TEXT,                              -- null: the resource's nrdot.tenant decides, else 'default'
    created_by    TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER,
    last_used_at  INTEGER,
    revoked_at    INTEGER
) STRICT;
