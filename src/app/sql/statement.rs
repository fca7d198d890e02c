//! One SELECT, looked at letter by letter: where its texts, names and comments are, so that `:from` and `:to` outside
//! of them become parameters of the engine and a second statement is refused.

use crate::config::{Engine, Said};

/// The day that a parameter stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    First,
    Last,
}

/// A query that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// With the engine's own parameters, without a closing semicolon.
    pub sql: String,
    /// Values in the order in which they are bound.
    pub days: Vec<Day>,
}

fn refuse<T>(id: impl Into<String>, en: impl Into<String>) -> Result<T, Said> {
    Err(Said::new(id, en))
}

impl Statement {
    /// Reads a query of the configuration.
    pub(super) fn read(query: &str, engine: Engine) -> Result<Self, Said> {
        let mut reader = Reader { rest: query, engine, statement: Self { sql: String::new(), days: Vec::new() }, words: 0, ended: false };
        reader.read()?;
        if reader.words == 0 {
            return refuse("query kosong", "the query is empty");
        }
        Ok(reader.statement)
    }

    /// The placeholder of a day.
    fn bind(&mut self, day: Day, engine: Engine) {
        match engine {
            Engine::MySql => {
                self.days.push(day);
                self.sql.push('?');
            }
            Engine::Sqlite | Engine::Postgres => {
                let at = self.days.iter().position(|known| *known == day).unwrap_or_else(|| {
                    self.days.push(day);
                    self.days.len() - 1
                });
                let number = at + 1;
                self.sql.push_str(&match engine {
                    // SQLite has no dates: they are texts there.
                    Engine::Sqlite => format!("?{number}"),
                    _ => format!("CAST(${number} AS DATE)"),
                });
            }
        }
    }
}

struct Reader<'q> {
    rest: &'q str,
    engine: Engine,
    statement: Statement,
    words: usize,
    ended: bool,
}

impl<'q> Reader<'q> {
    fn read(&mut self) -> Result<(), Said> {
        while let Some(first) = self.rest.chars().next() {
            let quoted = self.quoted(first)?;
            if quoted > 0 {
                self.keep(quoted)?;
            } else if let Some(comment) = self.comment()? {
                // A blank in its place: hints in comments are nobody's business here.
                self.statement.sql.push(' ');
                self.skip(comment);
            } else if first == ';' {
                self.ended = true;
                self.skip(1);
            } else if first.is_alphabetic() || first == '_' {
                let length = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(self.rest.len());
                self.word(length)?;
            } else if self.rest.starts_with("::") {
                self.keep(2)?;
            } else if first == ':' {
                self.parameter()?;
            } else if (first == '?' && self.engine != Engine::Postgres)
                || (first == '$' && self.rest[1..].starts_with(|c: char| c.is_ascii_digit()))
            {
                return refuse("query: parameter hanya :from dan :to", "query: the only parameters are :from and :to");
            } else if first.is_whitespace() {
                self.statement.sql.push(' ');
                self.skip(first.len_utf8());
            } else {
                self.keep(first.len_utf8())?;
            }
        }
        Ok(())
    }

    fn skip(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }

    fn keep(&mut self, length: usize) -> Result<(), Said> {
        if self.ended {
            return refuse("query: hanya satu perintah SELECT", "query: one SELECT statement only");
        }
        if self.words == 0 && !self.rest.starts_with('(') {
            return refuse("query: harus dimulai dengan SELECT atau WITH", "query: it must begin with SELECT or WITH");
        }
        let kept = self.rest.get(..length).unwrap_or(self.rest);
        self.statement.sql.push_str(kept);
        self.skip(length);
        Ok(())
    }

    fn word(&mut self, length: usize) -> Result<(), Said> {
        let word = self.rest.get(..length).unwrap_or_default().to_ascii_lowercase();
        let first = self.words == 0;
        if first && word != "select" && word != "with" {
            return refuse("query: harus dimulai dengan SELECT atau WITH", "query: it must begin with SELECT or WITH");
        }
        // INTO OUTFILE writes a file of the server, read-only transaction or not.
        if word == "into" && self.engine == Engine::MySql {
            return refuse("query: INTO tidak diterima", "query: INTO is not accepted");
        }
        self.words += 1;
        self.keep(length)
    }

    /// Length of the quoted text or name that begins here; 0: none does.
    fn quoted(&self, first: char) -> Result<usize, Said> {
        let unclosed = || refuse("query: ada kutip yang tidak ditutup", "query: a quote is not closed");
        let close = match first {
            '\'' | '"' => first,
            '`' if self.engine != Engine::Postgres => '`',
            '[' if self.engine == Engine::Sqlite => ']',
            '$' if self.engine == Engine::Postgres => return self.dollar_quoted(),
            _ => return Ok(0),
        };
        // Postgres reads backslashes only in E'…', which closes where '…' does unless a quote is escaped by one.
        let escapes = self.engine == Engine::MySql || (self.engine == Engine::Postgres && self.statement.sql.ends_with(['e', 'E']));
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == '\\' && escapes && close != '`' {
                chars.next();
            } else if c == close {
                // A doubled quote begins the next text, which is read just so.
                return Ok(at + c.len_utf8());
            }
        }
        unclosed()
    }

    /// `$tag$ … $tag$`.
    fn dollar_quoted(&self) -> Result<usize, Said> {
        let Some(end) = self.rest[1..].find('$').map(|at| at + 2) else { return Ok(0) };
        let tag = &self.rest[..end];
        if !tag[1..end - 1].chars().all(|c| c.is_alphanumeric() || c == '_') || tag[1..].starts_with(|c: char| c.is_ascii_digit()) {
            return Ok(0);
        }
        match self.rest[end..].find(tag) {
            Some(at) => Ok(end + at + end),
            None => refuse("query: ada kutip yang tidak ditutup", "query: a quote is not closed"),
        }
    }

    /// Length of the comment that begins here.
    fn comment(&self) -> Result<Option<usize>, Said> {
        if self.rest.starts_with("--") || (self.rest.starts_with('#') && self.engine == Engine::MySql) {
            return Ok(Some(self.rest.find('\n').unwrap_or(self.rest.len())));
        }
        if !self.rest.starts_with("/*") {
            return Ok(None);
        }
        // MySQL runs what stands in /*! … */.
        if self.rest.starts_with("/*!") || self.rest.starts_with("/*M!") {
            return refuse("query: komentar /*! … */ tidak diterima", "query: comments /*! … */ are not accepted");
        }
        let nests = self.engine == Engine::Postgres;
        let (mut depth, mut at) = (1, 2);
        while depth > 0 {
            let rest = self.rest.get(at..).unwrap_or_default();
            match (rest.find("*/"), rest.find("/*").filter(|_| nests)) {
                (Some(close), Some(open)) if open < close => (depth, at) = (depth + 1, at + open + 2),
                (Some(close), _) => (depth, at) = (depth - 1, at + close + 2),
                (None, _) => return refuse("query: ada komentar yang tidak ditutup", "query: a comment is not closed"),
            }
        }
        Ok(Some(at))
    }

    fn parameter(&mut self) -> Result<(), Said> {
        let name: String = self.rest.chars().skip(1).take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let day = match name.as_str() {
            "from" => Day::First,
            "to" => Day::Last,
            // An array slice of PostgreSQL, `[2:3]`.
            "" => return self.keep(1),
            digits if digits.chars().all(|c| c.is_ascii_digit()) && self.engine == Engine::Postgres => return self.keep(1),
            other => {
                return refuse(
                    format!("query: parameter :{other} tidak dikenal, yang ada :from dan :to"),
                    format!("query: there is no parameter :{other}, only :from and :to"),
                );
            }
        };
        if self.words == 0 || self.ended {
            return self.keep(1);
        }
        self.statement.bind(day, self.engine);
        self.skip(1 + name.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(query: &str, engine: Engine) -> String {
        Statement::read(query, engine).map_or_else(|said| format!("! {}", said.en), |statement| statement.sql)
    }

    #[test]
    fn days_become_parameters_only_where_they_stand_as_such() {
        let query = "SELECT ':from', \":to\", a::text -- :from\n FROM x /* :to */ WHERE d BETWEEN :from AND :to AND e >= :from;";
        assert_eq!(
            read(query, Engine::Postgres),
            "SELECT ':from', \":to\", a::text    FROM x   WHERE d BETWEEN CAST($1 AS DATE) AND CAST($2 AS DATE) AND e >= CAST($1 AS DATE)"
        );
        let mysql = Statement::read("SELECT * FROM x WHERE d BETWEEN :from AND :to AND e >= :from", Engine::MySql).unwrap();
        assert_eq!(mysql.days, [Day::First, Day::Last, Day::First]);
        assert_eq!(
            read("WITH a AS (SELECT 1) SELECT * FROM a WHERE d > :to", Engine::Sqlite),
            "WITH a AS (SELECT 1) SELECT * FROM a WHERE d > ?1"
        );
        assert_eq!(read("SELECT $x$ :from; ' $x$, 'it''s :to'", Engine::Postgres), "SELECT $x$ :from; ' $x$, 'it''s :to'");
    }

    #[test]
    fn anything_but_one_select_is_refused() {
        for query in [
            "INSERT INTO x VALUES (1)",
            "SELECT 1; DELETE FROM x",
            "SELECT 1;;SELECT 2",
            "/* a */ DELETE FROM x",
            "PRAGMA user_version = 7",
            "SELECT 'a",
            "SELECT 1 /* a",
            "SELECT :nip",
            "SELECT 1 /*! INTO OUTFILE '/tmp/x' */",
            "EXPLAIN SELECT 1",
            "",
            "  -- nothing",
            ":from SELECT 1",
        ] {
            for engine in [Engine::Sqlite, Engine::MySql, Engine::Postgres] {
                assert!(read(query, engine).starts_with("! "), "{query}: {}", read(query, engine));
            }
        }
        assert!(read("SELECT 1 INTO OUTFILE '/tmp/x'", Engine::MySql).starts_with("! "));
        assert!(read("SELECT $1", Engine::Postgres).starts_with("! "));
        assert!(read("SELECT ?", Engine::Sqlite).starts_with("! "));
        assert_eq!(read("SELECT 1 ; -- end", Engine::Sqlite).trim(), "SELECT 1");
    }

    proptest! {
        #[test]
        fn never_panics(query in "(SELECT )?[a-z'\"$`:;?/*\\\\\\[\\]# é\n-]{0,40}") {
            for engine in [Engine::Sqlite, Engine::MySql, Engine::Postgres] {
                let _ = Statement::read(&query, engine);
            }
        }
    }
}
