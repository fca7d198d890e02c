//! Whatever is done to a log is found, and where.

use super::*;
use proptest::prelude::*;

fn chain(parts: &[(String, String, i64)]) -> Vec<AuditLine> {
    let mut head = AuditHead::default();
    let make = |(account, subject, at): &(String, String, i64)| {
        let mut line = AuditLine {
            seq: head.seq + 1,
            at: *at,
            account: account.clone(),
            action: "person_seen".to_owned(),
            subject: subject.clone(),
            detail: "{}".to_owned(),
            prev: head.hash.clone(),
            hash: String::new(),
        };
        line.hash = line.right_hash();
        head = AuditHead { seq: line.seq, hash: line.hash.clone() };
        line
    };
    parts.iter().map(make).collect()
}

fn first_break(lines: &[AuditLine], head: &AuditHead) -> Option<i64> {
    let mut chain = AuditChain::default();
    lines.iter().find_map(|line| chain.take(line).err()).or_else(|| chain.ends_at(head).err())
}

fn head_of(lines: &[AuditLine]) -> AuditHead {
    lines.last().map_or_else(AuditHead::default, |line| AuditHead { seq: line.seq, hash: line.hash.clone() })
}

/// A log of some lines.
fn logs() -> impl Strategy<Value = Vec<AuditLine>> {
    prop::collection::vec((".{0,8}", ".{0,8}", any::<i64>()), 2..20).prop_map(|parts| chain(&parts))
}

proptest! {
    #[test]
    fn a_sound_log_is_sound(lines in logs()) {
        prop_assert_eq!(first_break(&lines, &head_of(&lines)), None);
    }

    /// Also when whoever changed it has given the line its right hash.
    #[test]
    fn a_changed_line_is_found(lines in logs(), at in any::<prop::sample::Index>(), field in 0..8, rehash in any::<bool>()) {
        let head = head_of(&lines);
        let mut changed = lines.clone();
        let at = at.index(lines.len());
        let line = &mut changed[at];
        match field {
            0 => line.seq += 1,
            1 => line.at = line.at.wrapping_add(1),
            2 => line.account.push('x'),
            3 => line.action.push('x'),
            4 => line.subject.push('x'),
            5 => line.detail.push(' '),
            6 => line.prev = "0".repeat(63) + "1",
            _ => line.hash = "0".repeat(64),
        }
        if rehash && field != 7 {
            line.hash = line.right_hash();
        }
        let found = first_break(&changed, &head);
        // With a right hash of its own the line is sound by itself: the next one, or the head, does not follow it.
        let right = [at as i64 + 1, at as i64 + 2];
        prop_assert!(found.is_some_and(|seq| right.contains(&seq)), "{found:?} {right:?}");
    }

    #[test]
    fn a_removed_line_is_found(lines in logs(), at in any::<prop::sample::Index>()) {
        let mut cut = lines.clone();
        let at = at.index(lines.len());
        cut.remove(at);
        prop_assert_eq!(first_break(&cut, &head_of(&lines)), Some(at as i64 + 1));
    }

    #[test]
    fn moved_lines_are_found(lines in logs(), one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(), renumber in any::<bool>()) {
        let (one, other) = (one.index(lines.len()), other.index(lines.len()));
        prop_assume!(one != other);
        let mut moved = lines.clone();
        moved.swap(one, other);
        if renumber {
            moved.iter_mut().zip(1..).for_each(|(line, seq)| line.seq = seq);
        }
        prop_assert_eq!(first_break(&moved, &head_of(&lines)), Some(one.min(other) as i64 + 1));
    }

    #[test]
    fn an_added_line_is_found(lines in logs(), at in any::<prop::sample::Index>()) {
        let mut more = lines.clone();
        let at = at.index(lines.len());
        more.insert(at, lines[at].clone());
        prop_assert!(first_break(&more, &head_of(&lines)).is_some());
    }

    #[test]
    fn nothing_moves_from_one_part_to_the_next(one in "[a-z]{1,4}", other in "[a-z]{1,4}") {
        let joined = chain(&[(format!("{one}{other}"), String::new(), 0)]);
        let parted = chain(&[(one, other, 0)]);
        prop_assert_ne!(&joined[0].hash, &parted[0].hash);
    }
}

#[test]
fn a_head_is_read_as_it_is_written() {
    let head = AuditHead { seq: 7, hash: "ab".repeat(32) };
    assert_eq!(head.to_string().parse(), Ok(head));
    for wrong in ["", "7", "7:", "x:00", &format!("-1:{NOTHING}"), &format!("1:{}", "g".repeat(64))] {
        assert_eq!(wrong.parse::<AuditHead>(), Err(()), "{wrong}");
    }
}
