-- Which hosts a change moved between rings: so that they are moved once, and go back the way they came.
CREATE TABLE ring_moves (
    change_id   INTEGER NOT NULL PRIMARY KEY,
    moves_json  TEXT NOT NULL,
    moved_at    INTEGER NOT NULL,
    returned_at INTEGER
) STRICT;
