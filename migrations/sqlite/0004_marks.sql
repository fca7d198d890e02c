-- What the last reconciliation of a period had seen and come to, so that the next one costs what has come since.

ALTER TABLE verdict ADD COLUMN leans INTEGER NOT NULL DEFAULT 0;   -- one bit a kind of which a new answer about everybody may move the person's inputs
ALTER TABLE verdict ADD COLUMN unit TEXT NOT NULL DEFAULT '';
ALTER TABLE verdict ADD COLUMN aside TEXT NOT NULL DEFAULT '';     -- as reconciliation wrote it
CREATE INDEX verdict_by_leaning ON verdict (period, leans, nip) WHERE leans <> 0;
CREATE INDEX verdict_by_unit ON verdict (period, unit, nip) WHERE unit <> '';
CREATE INDEX finding_state_by_run ON finding_state (run, status);

CREATE TABLE reconcile_mark (
    period TEXT NOT NULL PRIMARY KEY,
    stamp TEXT NOT NULL,               -- another one after each reconciliation
    evidence INTEGER NOT NULL,         -- the highest seq that was surely seen
    answer INTEGER NOT NULL,
    as_of INTEGER NOT NULL,
    fresh_until INTEGER NOT NULL,      -- up to then the mere passing of time changes nothing
    followed INTEGER NOT NULL,         -- one bit a kind that stays fresh as its sources do
    shared TEXT NOT NULL,              -- hash of what all dossiers share; empty: look at everybody
    inputs_sha TEXT NOT NULL,          -- sum of the hashes of everybody's inputs
    totals TEXT NOT NULL               -- JSON, as reconciliation wrote it
) STRICT;

CREATE TABLE unit_days (
    period TEXT NOT NULL,
    unit TEXT NOT NULL,
    body TEXT NOT NULL,                -- JSON, as reconciliation wrote it
    PRIMARY KEY (period, unit)
) STRICT;
