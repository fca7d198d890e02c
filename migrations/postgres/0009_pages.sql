-- What the pages list and add up, beside the verdicts: one page costs a query of some rows, not a ministry.

CREATE TABLE listed (
    period TEXT COLLATE "C" NOT NULL,
    nip TEXT COLLATE "C" NOT NULL,
    handle TEXT COLLATE "C" NOT NULL,              -- names the person to whoever may not see the NIP; stays while the row does
    name TEXT COLLATE "C" NOT NULL,
    sought TEXT COLLATE "C" NOT NULL,              -- folded: name, unit code, unit name
    unit TEXT COLLATE "C" NOT NULL,                -- '' none
    unit_name TEXT COLLATE "C" NOT NULL,
    superior TEXT COLLATE "C" NOT NULL,            -- '' none
    class BIGINT NULL,
    standing TEXT COLLATE "C" NOT NULL,
    gross BIGINT NULL,                   -- NULL: cannot be computed
    due BIGINT NULL,                     -- net; NULL: cannot be computed
    paid BIGINT NULL,                    -- net; NULL: not in the payment file
    risk BIGINT NOT NULL,                -- what waits or differs
    by_risk BIGINT NOT NULL,             -- -risk: the most comes first
    by_gap BIGINT NOT NULL,              -- -|paid - due|, 1 when one of them is missing
    cut_predikat BIGINT NOT NULL,        -- parts of gross - due
    cut_attendance BIGINT NOT NULL,
    cut_leave BIGINT NOT NULL,
    cut_discipline BIGINT NOT NULL,
    codes TEXT COLLATE "C" NOT NULL,               -- of the findings, apart by blanks
    PRIMARY KEY (period, nip)
);
CREATE INDEX listed_by_risk ON listed (period, by_risk, nip) INCLUDE (standing, sought);
CREATE INDEX listed_by_name ON listed (period, sought, nip) INCLUDE (standing);
CREATE INDEX listed_by_gap ON listed (period, by_gap, nip) INCLUDE (standing, sought);
CREATE INDEX listed_by_unit ON listed (period, unit, by_risk, nip);
CREATE INDEX listed_by_standing ON listed (period, standing, by_risk, nip);
CREATE INDEX listed_by_handle ON listed (handle);

CREATE TABLE listed_code (
    period TEXT COLLATE "C" NOT NULL,
    nip TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" NOT NULL,            -- the gravest of the person's findings of that code
    findings BIGINT NOT NULL,
    risk BIGINT NOT NULL,                -- the highest of them: each names all that hangs on the person
    by_risk BIGINT NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    superior TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (period, nip, code)
);
CREATE INDEX listed_code_by_code ON listed_code (period, code, by_risk, nip);
CREATE INDEX listed_code_by_cause ON listed_code (period, code, superior, by_risk, nip);

-- Who was reconciled before is listed by the next reconciliation, which has to look at everybody for that.
UPDATE verdict SET inputs_sha = '';
DELETE FROM reconcile_mark;
