//! Where a list goes on. A cursor is good for the run and the filters that it was given for, and for nothing else, so that
//! no list is sewn together from two runs.

use super::problem::{Kind, Problem};
use crate::domain::text::Lang;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Bytes of each of the two marks.
const MARK: usize = 8;
/// Longer ones are none of ours.
const LONGEST: usize = 400;

/// The list that a cursor belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// What is listed, with its filters.
    pub list: String,
    /// Of which run.
    pub run: String,
}

fn mark(of: &str) -> [u8; MARK] {
    let mut mark = [0; MARK];
    mark.copy_from_slice(&Sha256::digest(of)[..MARK]);
    mark
}

impl Place {
    /// The cursor behind a row.
    pub(super) fn cursor(&self, behind: &str) -> String {
        let bytes = [mark(&self.list).as_slice(), &mark(&self.run), behind.as_bytes()].concat();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The row that a cursor stands behind.
    pub(super) fn behind(&self, cursor: &str, lang: Lang) -> Result<String, Problem> {
        let unknown = || {
            let detail = lang.pick(
                "Kursor ini bukan dari daftar ini dengan saringan yang sama: pakai `next` dari jawaban sebelumnya, atau mulai tanpa cursor.",
                "This cursor is not of this list with the same filters: use the `next` of the answer before, or begin without a cursor.",
            );
            Problem::new(Kind::Cursor, lang, detail)
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor.get(..cursor.len().min(LONGEST)).unwrap_or_default()).map_err(|_| unknown())?;
        let (list, rest) = bytes.split_at_checked(MARK).ok_or_else(unknown)?;
        let (run, behind) = rest.split_at_checked(MARK).ok_or_else(unknown)?;
        let behind = std::str::from_utf8(behind).map_err(|_| unknown())?;
        if list != mark(&self.list) {
            return Err(unknown());
        }
        if run != mark(&self.run) {
            let detail = lang.pick(
                "Periode ini sudah dicocokkan ulang sejak daftar ini dimulai: mulai lagi tanpa cursor, supaya tidak tercampur.",
                "This period has been reconciled again since this list was begun: begin again without a cursor, so that nothing is mixed.",
            );
            return Err(Problem::new(Kind::OtherRun, lang, detail));
        }
        Ok(behind.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;

    #[test]
    fn a_cursor_is_good_for_its_list_and_run_only() {
        let place = |list: &str, run: &str| Place { list: list.to_owned(), run: run.to_owned() };
        let cursor = place("verdicts?unit=U1", "r1").cursor("~00aa");
        assert_eq!(place("verdicts?unit=U1", "r1").behind(&cursor, Lang::En).unwrap(), "~00aa");
        let refused = |list, run, cursor: &str| place(list, run).behind(cursor, Lang::En).unwrap_err().status();
        assert_eq!(refused("verdicts?unit=U2", "r1", &cursor), StatusCode::BAD_REQUEST);
        assert_eq!(refused("verdicts?unit=U1", "r2", &cursor), StatusCode::CONFLICT);
        for wrong in ["", "x", "!!!", "AAAAAAAAAAA", &"A".repeat(500), "ä"] {
            assert_eq!(refused("verdicts?unit=U1", "r1", wrong), StatusCode::BAD_REQUEST, "{wrong}");
        }
    }
}
