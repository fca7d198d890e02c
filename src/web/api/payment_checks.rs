//! A payment file judged before it goes to KPPN, as the page does it. The file is not kept; the answer is, for a day, for
//! whoever sends the same file again under the same key.

use super::answer;
use super::body::{BYTES, is_of_kind};
use super::call::Call;
use super::describe::{Gives, Operation, Parameter, Sends, Values, count, list, maybe, number, object, one_of, said, text, truth, with};
use super::once::{self, Asked};
use super::problem::{Kind, Problem};
use super::shown::{Shown, failed, head_schema, no_run};
use crate::app::access::action;
use crate::app::adk::{Difference, Fault, Judged, judge};
use crate::domain::text::Lang;
use crate::store::KeptAnswer;
use crate::web::Site;
use crate::web::access::by;
use crate::web::cover;
use crate::web::pages::adk::LARGEST;
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

const NAME: Parameter = Parameter { name: "name", what: ("Nama berkas.", "Name of the file."), values: Values::Text(120) };

pub(super) const CHECK: Operation = Operation {
    method: "POST",
    path: "/api/v1/periods/{period}/payment-checks",
    id: "check_payment",
    what: (
        "Periksa berkas ADK terhadap pencocokan tersimpan; berkasnya tidak disimpan.",
        "Hold a payment file (ADK) against the stored run; the file is not kept.",
    ),
    query: &[&NAME],
    sends: Some(Sends {
        kind: BYTES,
        schema: "",
        if_match: false,
        what: ("Isi berkas, paling besar 64 MB.", "The bytes of the file, at most 64 MB."),
    }),
    gives: Gives::Json("PaymentCheck"),
    refuses: &[409, 413, 415, 422],
};

#[derive(Serialize)]
struct Verdict<H> {
    #[serde(flatten)]
    head: H,
    file: String,
    sha256: String,
    good: bool,
    rows: u64,
    people: u64,
    other_periods: u64,
    net: i64,
    agreeing: u64,
    faults: Vec<Faults>,
    differences: Vec<Differs>,
    notices: Vec<Both>,
}

#[derive(Serialize)]
struct Faults {
    fault: &'static str,
    heads: u64,
    rupiah: i64,
}

#[derive(Serialize)]
struct Differs {
    fault: &'static str,
    nip: String,
    person: Option<String>,
    name: Option<String>,
    unit: Option<String>,
    expected_net: Option<i64>,
    paid_net: Option<i64>,
    difference: i64,
}

#[derive(Serialize)]
struct Both {
    id: String,
    en: String,
}

pub(super) async fn check(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&CHECK)?;
    call.period()?;
    is_of_kind(&call, &request, BYTES)?;
    let key = once::key(&call, request.headers())?;
    let bytes = axum::body::to_bytes(request.into_body(), LARGEST).await.map_err(|_| {
        let detail = call.lang.pick(
            "Berkas tidak diterima utuh: lebih dari 64 MB atau sambungan terputus. Tidak ada yang disimpan.",
            "The file did not come whole: more than 64 MB, or the connection broke. Nothing was stored.",
        );
        Problem::new(Kind::TooLarge, call.lang, detail)
    })?;
    let asked = Asked::new(&call, key, &bytes)?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move { held(&worked_on, &call, bytes.to_vec()).await }).await
}

async fn held(site: &Site, call: &Call, bytes: Vec<u8>) -> Result<KeptAnswer, Problem> {
    let shown = Shown::open(site, call).await?;
    let entry = by(&call.viewer, &call.pass).entry(action::PAYMENT_CHECKED, shown.period.to_string());
    site.trail().note(entry.with("bytes", bytes.len())).await.map_err(failed(call))?;
    let name = call.text("name").unwrap_or("adk").to_owned();
    let judged = judge(&site.app, shown.period, name, bytes, call.units().as_ref()).await.map_err(failed(call))?;
    let judged = judged.ok_or_else(|| no_run(call, shown.period))?;
    let shown = Shown::of(site, call, shown.period, Some(judged.run.clone())).await?;
    let header = shown.header();
    answer::done(call, &verdict(call, shown.head(&header), &shown, &judged))
}

fn verdict<H: Serialize>(call: &Call, head: H, shown: &Shown, judged: &Judged) -> Verdict<H> {
    let faults = judged.faults.iter().map(|(fault, (heads, rupiah))| Faults { fault: fault.key(), heads: *heads, rupiah: *rupiah });
    let both = |notice: &crate::intake::Notice| Both { id: notice.sentence(Lang::Id), en: notice.sentence(Lang::En) };
    Verdict {
        head,
        file: judged.file.clone(),
        sha256: judged.sha256.clone(),
        // A run that may hold no longer says of no file that it is good.
        good: judged.is_good() && shown.doubt.is_none(),
        rows: judged.rows,
        people: judged.people,
        other_periods: judged.elsewhere,
        net: judged.net.0,
        agreeing: judged.agreeing,
        faults: faults.collect(),
        differences: judged.differences.iter().map(|difference| differs(call, difference)).collect(),
        notices: judged.notices.iter().map(both).collect(),
    }
}

fn differs(call: &Call, difference: &Difference) -> Differs {
    let some = super::periods::some;
    Differs {
        fault: difference.fault.key(),
        nip: difference.nip.to_string(),
        person: some(&difference.handle).map(|handle| cover::person(call.veil, difference.nip, &handle)),
        name: some(&difference.name),
        unit: some(&difference.unit),
        expected_net: difference.due.map(|due| due.0),
        paid_net: difference.paid.map(|paid| paid.0),
        difference: difference.gap().0,
    }
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let fault = || one_of(Fault::ALL.map(Fault::key));
    let differs = object([
        ("fault", fault()),
        ("nip", text()),
        ("person", maybe(text())),
        ("name", maybe(text())),
        ("unit", maybe(text())),
        ("expected_net", maybe(number())),
        ("paid_net", maybe(number())),
        ("difference", number()),
    ]);
    let fields = [
        ("file", text()),
        ("sha256", text()),
        ("good", truth()),
        ("rows", count()),
        ("people", count()),
        ("other_periods", count()),
        ("net", number()),
        ("agreeing", count()),
        ("faults", list(object([("fault", fault()), ("heads", count()), ("rupiah", number())]))),
        ("differences", list(differs)),
        ("notices", list(said())),
    ];
    vec![("PaymentCheck", with(head_schema(), fields))]
}
