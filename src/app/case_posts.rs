//! What happens to cases, posted to a web hook: each at least once, the oldest first, and again under the same id until
//! somebody takes it. A case's covered name, code, month, unit and address leave, and nothing from which a person could be
//! worked out.

use super::notices::Round;
use super::{App, AppError};
use crate::config::HttpUrl;
use crate::domain::Finding;
use crate::notify::Messenger;
use crate::store::CasePost;
use chrono::{SecondsFormat, TimeDelta};
use serde_json::json;

/// Posts of one round.
const MOST: u32 = 200;
/// In a row that fail: whoever should take them is not there.
const ENOUGH: u32 = 3;
/// A round posts no longer than this: notices and the dead man's switch wait for its end.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(60);
/// Before it is tried again, at first and at most.
const WAIT: [TimeDelta; 2] = [TimeDelta::minutes(4), TimeDelta::hours(6)];

/// Posts what waits. Without a rule for it nobody is told, also later.
///
/// # Errors
/// The store's.
pub(super) async fn send(app: &App, messenger: &Messenger, round: &mut Round) -> Result<(), AppError> {
    if !messenger.posts_cases() {
        app.store.drop_case_posts().await?;
        return Ok(());
    }
    let (mut in_vain, began) = (0, std::time::Instant::now());
    for post in app.store.case_posts(MOST).await? {
        match messenger.post(&id(&post), body(app, &post)).await {
            Ok(()) => {
                app.store.case_posted(&post).await?;
                (in_vain, round.told) = (0, round.told + 1);
            }
            Err(error) => {
                app.store.case_post_failed(&post, app.clock.now() + wait(post.tries)).await?;
                tracing::warn!(%error, what = post.what, "what happened to a case did not leave; it is tried again");
                (in_vain, round.undelivered) = (in_vain + 1, round.undelivered + 1);
            }
        }
        if in_vain >= ENOUGH || began.elapsed() > LONGEST {
            break;
        }
    }
    Ok(())
}

fn wait(tries: u64) -> TimeDelta {
    let [first, most] = WAIT;
    let doubled = i32::try_from(tries).unwrap_or(i32::MAX).min(16);
    (first * 2_i32.pow(u32::try_from(doubled).unwrap_or(0))).min(most)
}

/// The same for each try; without a full stop, which parts what a web hook signs.
fn id(post: &CasePost) -> String {
    format!("case_{}_{}", post.event, post.what)
}

/// How the case is named, here and in addresses: by the row of the list that its person has. Of one who is on no list any
/// more nothing is named.
fn name(post: &CasePost) -> String {
    match &post.handle {
        _ if !post.of_person => post.case.clone(),
        None => String::new(),
        Some(handle) => format!("~{handle}-{}", Finding::covered_id(handle, post.code, &post.subject)),
    }
}

fn body(app: &App, post: &CasePost) -> String {
    let name = name(post);
    let origin = app.config.web.public_url.as_ref().map_or("", HttpUrl::as_str).trim_end_matches('/');
    json!({
        "type": format!("case.{}", post.what),
        "timestamp": post.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "data": {
            "case": name,
            "code": post.code.code(),
            "period": post.period.to_string(),
            "unit": if post.unit.is_empty() { None } else { Some(&post.unit) },
            "link": format!("{origin}/sdm/kasus/{}/{name}", post.period),
        },
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_less_and_less_often_and_never_given_up() {
        let waits: Vec<i64> = [0, 1, 2, 6, 7, 100, u64::MAX].map(wait).iter().map(TimeDelta::num_minutes).collect();
        assert_eq!(waits, [4, 8, 16, 256, 360, 360, 360]);
    }
}
