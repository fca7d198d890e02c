-- Which slots of the schedule have been worked, and who works on one right now.

CREATE TABLE job (
    name TEXT NOT NULL PRIMARY KEY,
    line TEXT NOT NULL,                -- cron line and zone; another one begins anew
    since INTEGER NOT NULL,            -- slots before it are nobody's debt
    fence INTEGER NOT NULL,            -- rises with every claim
    lease_owner TEXT NOT NULL,
    lease_token TEXT NOT NULL          -- '' is free
) STRICT;

CREATE TABLE job_slot (
    job TEXT NOT NULL REFERENCES job (name),
    slot INTEGER NOT NULL,
    state TEXT NOT NULL,               -- running, done, failed, lost
    woken_by TEXT NOT NULL,            -- alarm, start, watchdog
    missed INTEGER NOT NULL,           -- earlier slots that this run stands for
    attempts INTEGER NOT NULL,
    fence INTEGER NOT NULL,            -- of the claim that works, or worked, on it
    lease_until INTEGER NOT NULL,
    reason TEXT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NULL,
    PRIMARY KEY (job, slot)
) STRICT;
