-- A pull about some people or some kinds only says nothing about how all others stand.

ALTER TABLE sync_run ADD COLUMN about_some INTEGER NOT NULL DEFAULT 0;   -- 1: it was not to ask about everybody and everything
