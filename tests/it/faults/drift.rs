//! A list whose shape has changed waits for somebody, who sees what it looks like and nobody in it.

use super::ground::Ground;
use super::ground::Patience;
use super::ground::accepting;
use super::ground::day;
use super::runtime;
use selaras::app::doctor;
use selaras::app::doctor::Level;
use selaras::app::pull::PullOptions;
use selaras::domain::Kind;
use selaras::domain::verdict::KnowledgeState;
use selaras::sync::report::Document;

#[test]
fn a_held_list_is_shown_masked_and_can_be_accepted() {
    runtime().block_on(async {
        let ground = Ground::lay(7).await;
        let url = ground.fresh("first.db");
        let app = ground.under(&url, "nip-blank@report", Patience::CALM).await;
        let held = day(&app).await;
        let document = serde_json::to_value(Document::of(&held.pulled)).unwrap();
        let shown = document["held"].as_array().unwrap();
        assert_eq!(shown.len(), 2, "{document}");
        for one in shown {
            let sample = one["sample"].as_object().unwrap();
            assert!(sample["nama"].as_str().unwrap().starts_with("text("), "{one}");
            assert!(one["detail"].as_str().unwrap().contains("rows cannot be read"), "{one}");
        }
        let text = document["held"].to_string() + &selaras::cli::sync::text(&held.pulled, selaras::config::Lang::Id);
        let nips: Vec<String> = held.report.verdicts.iter().map(|verdict| verdict.nip.to_string()).collect();
        let names: Vec<String> = held.report.verdicts.iter().filter_map(|verdict| verdict.name.clone()).collect();
        assert!(!nips.iter().any(|nip| text.contains(nip)) && !names.iter().any(|name| text.contains(&name.to_uppercase())), "{text}");

        let lines = doctor::examine(&app.config, None, &app.clock).await;
        let told: Vec<_> = lines.iter().filter(|line| line.level == Level::Warn && line.found.en.contains("is held (schema)")).collect();
        assert_eq!(told.len(), 2, "{lines:?}");
        assert!(told.iter().all(|line| line.action.as_ref().unwrap().en.contains("--accept-drift")));

        let app = ground.later(&url, "nip-blank@report").await;
        let accepted = accepting(&app, PullOptions { accept_drift: true, ..PullOptions::default() }).await;
        assert!(accepted.pulled.report.held.is_empty() && !accepted.pulled.is_complete(), "its rows are set aside one by one");
        let evaluation = accepted.report.completeness.kinds.iter().find(|kind| kind.kind == Kind::Evaluation).unwrap();
        assert!(evaluation.present > 10, "{evaluation:?}");
        assert!(!doctor::examine(&app.config, None, &app.clock).await.iter().any(|line| line.found.en.contains("is held")));
    });
}

/// Whoever stands in a row that names nobody is not declared absent by the rest of the list.
#[test]
fn who_may_stand_in_a_nameless_row_is_not_absent() {
    runtime().block_on(async {
        let ground = Ground::lay(7).await;
        let app = ground.under(&ground.fresh("first.db"), "nip-blank@report", Patience::CALM).await;
        let accepted = accepting(&app, PullOptions { accept_drift: true, ..PullOptions::default() }).await;
        let calm: Vec<_> = ground.calm().report.completeness.rows.iter().map(|row| (row.nip, row.kind)).collect();
        let absent = accepted
            .report
            .completeness
            .rows
            .iter()
            .filter(|row| row.state == KnowledgeState::DeclaredAbsent && row.kind.is_bulk() && !calm.contains(&(row.nip, row.kind)));
        assert_eq!(absent.count(), 0);
    });
}
