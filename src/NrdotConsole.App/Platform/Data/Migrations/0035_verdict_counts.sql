-- Verdicts are counted by when they began without reading their votes: a row holds some kilobytes of them.
CREATE INDEX verdicts_counted ON verdicts (started_at, tenant, host_key, id) WHERE revision = 0;
