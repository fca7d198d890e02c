//! Amounts in Indonesian words (`terbilang`), as payment lists close with them.

use crate::domain::rupiah::Rupiah;

const DIGITS: [&str; 12] = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"];

/// Powers of a thousand with their names; `i64` ends below the seventh.
const SCALES: [(u64, &str); 6] = [
    (1_000_000_000_000_000_000, "kuintiliun"),
    (1_000_000_000_000_000, "kuadriliun"),
    (1_000_000_000_000, "triliun"),
    (1_000_000_000, "miliar"),
    (1_000_000, "juta"),
    (1_000, "ribu"),
];

/// `empat juta lima ratus sembilan puluh lima ribu seratus lima puluh rupiah`.
pub(super) fn rupiah(amount: Rupiah) -> String {
    let minus = if amount.0 < 0 { "minus " } else { "" };
    format!("{minus}{} rupiah", number(amount.0.unsigned_abs()))
}

fn number(value: u64) -> String {
    if value == 0 {
        return DIGITS[0].to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    let mut rest = value;
    for (scale, name) in SCALES {
        let count = rest / scale;
        rest %= scale;
        match (count, name) {
            (0, _) => {}
            (1, "ribu") => words.push("seribu".to_owned()),
            _ => words.push(format!("{} {name}", below_thousand(count))),
        }
    }
    if rest > 0 {
        words.push(below_thousand(rest));
    }
    words.join(" ")
}

/// 1 to 999.
fn below_thousand(value: u64) -> String {
    let joined = |head: String, rest: u64| if rest == 0 { head } else { format!("{head} {}", below_thousand(rest)) };
    match value {
        0..=11 => DIGITS[value as usize].to_owned(),
        12..=19 => format!("{} belas", DIGITS[(value - 10) as usize]),
        20..=99 => joined(format!("{} puluh", DIGITS[(value / 10) as usize]), value % 10),
        100..=199 => joined("seratus".to_owned(), value - 100),
        _ => joined(format!("{} ratus", DIGITS[(value / 100) as usize]), value % 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_said_as_indonesians_say_them() {
        for (amount, words) in [
            (0, "nol rupiah"),
            (11, "sebelas rupiah"),
            (19, "sembilan belas rupiah"),
            (100, "seratus rupiah"),
            (1_000, "seribu rupiah"),
            (1_001, "seribu satu rupiah"),
            (1_100_000, "satu juta seratus ribu rupiah"),
            (21_000, "dua puluh satu ribu rupiah"),
            (4_595_150, "empat juta lima ratus sembilan puluh lima ribu seratus lima puluh rupiah"),
            (1_000_000_000, "satu miliar rupiah"),
            (-2_000, "minus dua ribu rupiah"),
        ] {
            assert_eq!(rupiah(Rupiah(amount)), words);
        }
    }

    /// Reads the words back.
    fn value(words: &str) -> u64 {
        let (mut total, mut part, mut last) = (0u64, 0u64, 0u64);
        for word in words.split(' ') {
            match word {
                "seratus" => part += 100,
                "seribu" => total += 1_000,
                "belas" => last += 10,
                "puluh" => last *= 10,
                "ratus" => last *= 100,
                other => {
                    if let Some((scale, _)) = SCALES.iter().find(|(_, name)| *name == other) {
                        total += (part + last) * scale;
                        (part, last) = (0, 0);
                    } else {
                        part += last;
                        last = DIGITS.iter().position(|digit| *digit == other).unwrap() as u64;
                    }
                }
            }
        }
        total + part + last
    }

    proptest! {
        #[test]
        fn the_words_say_the_number(amount in 1i64..=i64::MAX) {
            let words = rupiah(Rupiah(amount));
            prop_assert_eq!(value(words.strip_suffix(" rupiah").unwrap()), amount as u64, "{}", words);
        }
    }
}
