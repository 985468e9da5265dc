-- Orders to agents that wait to be delivered. Times are unix milliseconds.
CREATE TABLE agent_restarts (
    uid         TEXT PRIMARY KEY,
    ordered_at  INTEGER NOT NULL,
    ordered_by  TEXT NOT NULL
) STRICT;

-- Which further try of the assigned configuration a person asked for last (seconds since 1970); 0: none.
ALTER TABLE agent_assignments ADD COLUMN try INTEGER NOT NULL DEFAULT 0;
