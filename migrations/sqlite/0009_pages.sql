-- What the pages list and add up, beside the verdicts: one page costs a query of some rows, not a ministry.

CREATE TABLE listed (
    period TEXT NOT NULL,
    nip TEXT NOT NULL,
    handle TEXT NOT NULL,              -- names the person to whoever may not see the NIP; stays while the row does
    name TEXT NOT NULL,
    sought TEXT NOT NULL,              -- folded: name, unit code, unit name
    unit TEXT NOT NULL,                -- '' none
    unit_name TEXT NOT NULL,
    superior TEXT NOT NULL,            -- '' none
    class INTEGER NULL,
    standing TEXT NOT NULL,
    gross INTEGER NULL,                   -- NULL: cannot be computed
    due INTEGER NULL,                     -- net; NULL: cannot be computed
    paid INTEGER NULL,                    -- net; NULL: not in the payment file
    risk INTEGER NOT NULL,                -- what waits or differs
    by_risk INTEGER NOT NULL,             -- -risk: the most comes first
    by_gap INTEGER NOT NULL,              -- -|paid - due|, 1 when one of them is missing
    cut_predikat INTEGER NOT NULL,        -- parts of gross - due
    cut_attendance INTEGER NOT NULL,
    cut_leave INTEGER NOT NULL,
    cut_discipline INTEGER NOT NULL,
    codes TEXT NOT NULL,               -- of the findings, apart by blanks
    PRIMARY KEY (period, nip)
) STRICT;
CREATE INDEX listed_by_risk ON listed (period, by_risk, nip, standing, sought);
CREATE INDEX listed_by_name ON listed (period, sought, nip, standing);
CREATE INDEX listed_by_gap ON listed (period, by_gap, nip, standing, sought);
CREATE INDEX listed_by_unit ON listed (period, unit, by_risk, nip);
CREATE INDEX listed_by_standing ON listed (period, standing, by_risk, nip);
CREATE INDEX listed_by_handle ON listed (handle);

CREATE TABLE listed_code (
    period TEXT NOT NULL,
    nip TEXT NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,            -- the gravest of the person's findings of that code
    findings INTEGER NOT NULL,
    risk INTEGER NOT NULL,                -- the highest of them: each names all that hangs on the person
    by_risk INTEGER NOT NULL,
    unit TEXT NOT NULL,
    superior TEXT NOT NULL,
    PRIMARY KEY (period, nip, code)
) STRICT;
CREATE INDEX listed_code_by_code ON listed_code (period, code, by_risk, nip);
CREATE INDEX listed_code_by_cause ON listed_code (period, code, superior, by_risk, nip);

-- Who was reconciled before is listed by the next reconciliation, which has to look at everybody for that.
UPDATE verdict SET inputs_sha = '';
DELETE FROM reconcile_mark;
