-- Which cases each view of the inbox has, so that a view costs its groups and not all cases. Told anew about a person
-- whenever a case or a finding of theirs changes: what it says follows from finding_case, finding_state and waiver.

CREATE TABLE case_view (
    period TEXT NOT NULL,
    view TEXT NOT NULL,                -- owner, due, waiting: of open findings; taken: all open ones have an owner; waived
    word TEXT NOT NULL,                -- the owner; the earliest day; who asked, '' several have; else ''
    code TEXT NOT NULL,
    nip TEXT NOT NULL,
    superior TEXT NOT NULL,
    unit TEXT NOT NULL,
    risk INTEGER NOT NULL,                -- of the person's open findings of that code
    by_risk INTEGER NOT NULL,
    PRIMARY KEY (period, view, code, nip, word)
) STRICT;
CREATE INDEX case_view_by_person ON case_view (period, nip);
CREATE INDEX case_view_by_group ON case_view (period, view, word, code, superior, unit, risk);
CREATE INDEX case_view_by_risk ON case_view (period, view, word, code, by_risk, nip);

INSERT INTO case_view (period, view, word, code, nip, superior, unit, risk, by_risk)
WITH c AS (SELECT k.period, k.id, k.code, k.nip, k.owner, k.deadline, f.status FROM finding_case k
        JOIN finding_state f ON f.period = k.period AND f.id = k.id WHERE f.status <> 'resolved'),
    v AS (SELECT 'owner' AS view, owner AS word, period, code, nip FROM c WHERE status = 'open' AND owner <> ''
            GROUP BY period, code, nip, owner
        UNION ALL SELECT 'due', MIN(deadline), period, code, nip FROM c WHERE status = 'open' AND deadline <> '' GROUP BY period, code, nip
        UNION ALL SELECT 'taken', '', period, code, nip FROM c WHERE status = 'open' AND owner <> '' GROUP BY period, code, nip
            HAVING COUNT(*) = (SELECT COUNT(*) FROM finding_state g
                WHERE g.period = c.period AND g.nip = c.nip AND g.code = c.code AND g.status = 'open')
        UNION ALL SELECT 'waiting', CASE WHEN MIN(w.asked_by) = MAX(w.asked_by) THEN MIN(w.asked_by) ELSE '' END, c.period, c.code, c.nip
            FROM c JOIN waiver w ON w.case_id = c.id AND w.decision = 'waiting' AND w.ended_at IS NULL
            WHERE c.status = 'open' GROUP BY c.period, c.code, c.nip
        UNION ALL SELECT 'waived', '', period, code, nip FROM c WHERE status = 'waived' GROUP BY period, code, nip)
SELECT v.period, v.view, v.word, v.code, v.nip, l.superior, l.unit, COALESCE(o.risk, 0), COALESCE(o.by_risk, l.by_risk)
FROM v JOIN listed l ON l.period = v.period AND l.nip = v.nip
    LEFT JOIN listed_code o ON o.period = v.period AND o.nip = v.nip AND o.code = v.code;
