-- Who works on a finding, until when, what excuses it, and everything that was done. A row exists once somebody has acted.

CREATE TABLE finding_case (
    id TEXT NOT NULL PRIMARY KEY,      -- of the finding: stable for (period, nip, code, subject)
    period TEXT NOT NULL,
    nip TEXT NOT NULL,                 -- '' is about a whole file
    code TEXT NOT NULL,
    subject TEXT NOT NULL,
    owner TEXT NOT NULL,               -- account; '' nobody
    deadline TEXT NOT NULL,            -- day; '' none
    version INTEGER NOT NULL,          -- rises with every change: forms carry it
    opened_at INTEGER NOT NULL
) STRICT;
CREATE INDEX finding_case_by_owner ON finding_case (period, owner, code, nip);
CREATE INDEX finding_case_by_deadline ON finding_case (period, deadline);
CREATE INDEX finding_case_by_person ON finding_case (period, nip, code);

CREATE TABLE case_event (
    seq INTEGER NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES finding_case (id),
    at INTEGER NOT NULL,
    account TEXT NOT NULL,             -- '' a reconciliation
    what TEXT NOT NULL,
    detail TEXT NOT NULL               -- JSON
) STRICT;
CREATE INDEX case_event_by_case ON case_event (case_id, seq);

CREATE TRIGGER case_event_is_not_changed BEFORE UPDATE ON case_event
BEGIN
    SELECT RAISE(ABORT, 'the history of a case is only added to');
END;

CREATE TRIGGER case_event_is_not_cut BEFORE DELETE ON case_event
BEGIN
    SELECT RAISE(ABORT, 'the history of a case is only added to');
END;

CREATE TABLE waiver (
    seq INTEGER NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES finding_case (id),
    period TEXT NOT NULL,
    nip TEXT NOT NULL,
    reason TEXT NOT NULL,
    document TEXT NOT NULL,
    until TEXT NOT NULL,               -- its last day
    ends_at INTEGER NOT NULL,          -- the first instant at which it holds no longer
    evidence TEXT NOT NULL,            -- hash of what it excuses
    asked_by TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    decision TEXT NOT NULL,            -- waiting, approved, refused
    decided_by TEXT NOT NULL,          -- never who asked; '' nobody yet
    decided_at INTEGER NULL,
    ended_at INTEGER NULL,
    ended_why TEXT NOT NULL,           -- '' it has not; withdrawn, evidence, expired, gone
    CHECK (decided_by <> asked_by)
) STRICT;
CREATE INDEX waiver_by_case ON waiver (case_id, seq);
CREATE INDEX waiver_by_decision ON waiver (period, decision, nip);

-- Codes of the person's findings that a waiver excuses, apart by blanks.
ALTER TABLE listed ADD COLUMN waived TEXT NOT NULL DEFAULT '';
