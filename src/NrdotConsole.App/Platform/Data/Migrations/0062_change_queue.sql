-- An approved Change whose start waits for another one to end: since when, and who started it.
ALTER TABLE changes ADD COLUMN queued_at INTEGER;
ALTER TABLE changes ADD COLUMN queued_by TEXT;
CREATE INDEX changes_queued ON changes (queued_at) WHERE queued_at IS NOT NULL;
