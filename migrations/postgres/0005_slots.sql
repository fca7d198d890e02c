-- Which slots of the schedule have been worked, and who works on one right now.

CREATE TABLE job (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    line TEXT COLLATE "C" NOT NULL,                -- cron line and zone; another one begins anew
    since BIGINT NOT NULL,            -- slots before it are nobody's debt
    fence BIGINT NOT NULL,            -- rises with every claim
    lease_owner TEXT COLLATE "C" NOT NULL,
    lease_token TEXT COLLATE "C" NOT NULL          -- '' is free
);

CREATE TABLE job_slot (
    job TEXT COLLATE "C" NOT NULL REFERENCES job (name),
    slot BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,               -- running, done, failed, lost
    woken_by TEXT COLLATE "C" NOT NULL,            -- alarm, start, watchdog
    missed BIGINT NOT NULL,           -- earlier slots that this run stands for
    attempts BIGINT NOT NULL,
    fence BIGINT NOT NULL,            -- of the claim that works, or worked, on it
    lease_until BIGINT NOT NULL,
    reason TEXT COLLATE "C" NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NULL,
    PRIMARY KEY (job, slot)
);
