-- Filters of a list that somebody gave a name.

CREATE TABLE saved_view (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name),
    room TEXT NOT NULL,                -- keuangan or sdm
    name TEXT NOT NULL,
    filters TEXT NOT NULL,             -- JSON: pairs of the query, without a period
    changed_at INTEGER NOT NULL,
    UNIQUE (account, room, name)
) STRICT;
