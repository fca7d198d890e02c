-- How fast each surface of BKN is asked by all processes together.

CREATE TABLE pace (
    surface TEXT NOT NULL PRIMARY KEY,
    next_at INTEGER NOT NULL,          -- the first moment that nobody has booked
    paused_until INTEGER NOT NULL,     -- nobody asks before; 0: never paused
    seen_at INTEGER NOT NULL           -- the latest time that any process has told: nobody's clock is behind it
) STRICT;
