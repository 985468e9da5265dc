-- The safety lever: one row. While it is pulled, nothing automatic alters the fleet.
CREATE TABLE safety_lever (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    pulled  INTEGER NOT NULL CHECK (pulled IN (0, 1)),
    actor   TEXT NOT NULL,
    reason  TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
