//! Both BKN surfaces and their two token endpoints over HTTP on one address. Tokens are checked; a bulk list is rendered
//! when it is asked for, row by row, and forgotten once it is sent.

use super::Ministry;
use super::faults::Fate;
use super::faults::Faults;
use super::faults::Weather;
use super::report::SkpRow;
use super::siasn::nothing;
use super::wire::Door;
use super::wire::Line;
use crate::domain::Nip;
use axum::Form;
use axum::Router;
use axum::body::Body;
use axum::body::HttpBody;
use axum::extract::ConnectInfo;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;
use serde::Deserialize;
use serde::Serialize;
use serde_json::json;
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::Instant;

/// How long a WSO2 token lives.
const WSO2_LIFE: Duration = Duration::from_secs(3600);
/// How long a minted SSO token lives.
const SSO_LIFE: Duration = Duration::from_secs(43_200);

/// What the server holds.
struct Bkn {
    ministry: Arc<Ministry>,
    faults: Faults,
    weather: Weather,
    started: Instant,
    tokens: Mutex<Tokens>,
}

/// Tokens in force, and how many were minted.
#[derive(Default)]
struct Tokens {
    minted: u64,
    wso2: Option<(String, Instant)>,
    sso: Option<(String, Instant)>,
}

#[derive(Deserialize)]
struct OneNip {
    nip: Option<String>,
}

/// Serves both surfaces until `shutdown` resolves.
///
/// # Errors
/// The listener fails for good.
pub async fn serve(
    ministry: Arc<Ministry>,
    listener: TcpListener,
    faults: Faults,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let bkn = Arc::new(Bkn { ministry, faults, weather: Weather::default(), started: Instant::now(), tokens: Mutex::default() });
    let report = Router::new()
        .route("/referensi/periode", get(periods))
        .route("/laporan/penilaian/{year}/{period}", get(evaluations))
        .route("/laporan/skp/{year}", get(skps))
        .route_layer(axum::middleware::from_fn_with_state(bkn.clone(), report_door));
    let siasn = Router::new()
        .route("/pns/{what}/{nip}", get(siasn))
        .route("/pns/data-utama/paruhwaktu/{nip}", get(part_time))
        .route_layer(axum::middleware::from_fn_with_state(bkn.clone(), siasn_door));
    let app = Router::new()
        .nest(super::REPORT_PATH, report)
        .nest(super::SIASN_PATH, siasn)
        .route(super::WSO2_TOKEN_PATH, post(wso2_token))
        .route(super::SSO_TOKEN_PATH, post(sso_token))
        .with_state(bkn);
    axum::serve(Door(listener), app.into_make_service_with_connect_info::<Line>()).with_graceful_shutdown(shutdown).await
}

impl Bkn {
    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rows of everybody whom BKN lists, below a first one, as a faulty server may send them.
    fn bulk<T: Serialize>(&self, first: Option<T>, rows: impl Fn(usize) -> Vec<T>, mark: impl Fn(&mut T)) -> Vec<u8> {
        let mut body = br#"{"data":["#.to_vec();
        let mut between = "";
        let listed = self.ministry.listed_by_bkn().map(|(at, _)| at);
        let listed = listed.filter(|at| !(self.faults.empties() || self.faults.halves() && at % 2 == 1));
        for mut row in first.into_iter().chain(listed.flat_map(rows)) {
            if self.faults.drifts() {
                mark(&mut row);
            }
            body.extend_from_slice(between.as_bytes());
            // Texts and numbers always fit into memory's JSON.
            let _ = serde_json::to_writer(&mut body, &row);
            between = ",";
        }
        body.extend_from_slice(b"]}");
        body
    }
}

impl Bkn {
    /// The SKPs of a person, today or a week ago.
    fn skp_rows(&self, at: usize, year: i32) -> Vec<SkpRow> {
        if self.faults.is_week_ago() { self.ministry.skp_rows_before(at, year) } else { self.ministry.skp_rows(at, year) }
    }
}

#[derive(Serialize)]
struct Data<'a, T> {
    data: &'a [T],
}

fn json_data<T>(data: &[T]) -> Data<'_, T> {
    Data { data }
}

fn answer(status: u16, body: impl Into<Body>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], body.into()).into_response()
}

async fn periods(State(bkn): State<Arc<Bkn>>) -> Response {
    let rows = bkn.ministry.period_rows();
    answer(200, serde_json::to_vec(&json_data(&rows)).unwrap_or_default())
}

async fn evaluations(State(bkn): State<Arc<Bkn>>, Path((year, id)): Path<(i32, String)>, Query(one): Query<OneNip>) -> Response {
    let Some(cycle) = bkn.ministry.cycle_of(year, &id) else {
        return answer(404, r#"{"message":"Periode tidak ditemukan"}"#);
    };
    if let Some(nip) = one.nip {
        let rows = bkn.ministry.position_of(&nip).map(|at| bkn.ministry.evaluation_rows(at, cycle)).unwrap_or_default();
        return answer(200, serde_json::to_vec(&json_data(&rows)).unwrap_or_default());
    }
    bulk_answer(bkn, move |bkn| bkn.bulk(None, |at| bkn.ministry.evaluation_rows(at, cycle), |row| row.skp_versi = Some(2))).await
}

async fn skps(State(bkn): State<Arc<Bkn>>, Path(year): Path<i32>, Query(one): Query<OneNip>) -> Response {
    if let Some(nip) = one.nip {
        let rows = bkn.ministry.position_of(&nip).map(|at| bkn.skp_rows(at, year)).unwrap_or_default();
        return answer(200, serde_json::to_vec(&json_data(&rows)).unwrap_or_default());
    }
    let list = move |bkn: &Bkn| bkn.bulk(bkn.ministry.nameless_skp_row(year), |at| bkn.skp_rows(at, year), |row| row.skp_versi = Some(2));
    bulk_answer(bkn, list).await
}

/// Renders away from the threads that serve other requests.
async fn bulk_answer(bkn: Arc<Bkn>, render: impl FnOnce(&Bkn) -> Vec<u8> + Send + 'static) -> Response {
    let list = tokio::task::spawn_blocking(move || render(&bkn)).await;
    list.map_or_else(|_| answer(500, r#"{"message":"render"}"#), |list| answer(200, list))
}

async fn siasn(State(bkn): State<Arc<Bkn>>, Path((what, nip)): Path<(String, String)>) -> Response {
    per_nip(&bkn, &what, &nip)
}

async fn part_time(State(bkn): State<Arc<Bkn>>, Path(nip): Path<String>) -> Response {
    per_nip(&bkn, "data-utama/paruhwaktu", &nip)
}

fn per_nip(bkn: &Bkn, what: &str, nip: &str) -> Response {
    // Not `Nip::parse`, which forgives spaces: SIASN wants eighteen digits.
    let known = if nip.len() == 18 { Nip::parse(nip).ok() } else { None };
    let found = match known {
        Some(nip) => bkn.ministry.siasn(what, nip),
        None => Some(nothing(0)),
    };
    match found {
        Some(found) => answer(found.status, found.body),
        None => answer(404, gateway("404", "Not Found", "No matching resource found for given API Request")),
    }
}

/// A gateway's error body.
fn gateway(code: &str, message: &str, description: &str) -> String {
    json!({ "code": code, "type": "Status report", "message": message, "description": description }).to_string()
}

/// Token and weather of the report API.
async fn report_door(State(bkn): State<Arc<Bkn>>, ConnectInfo(line): ConnectInfo<Line>, request: Request, next: Next) -> Response {
    let allowed = bearer(request.headers(), "authorization") == Some(super::REPORT_TOKEN);
    if !allowed {
        return answer(401, r#"{"message":"Unauthenticated."}"#);
    }
    let fate = bkn.faults.fate(&bkn.weather, false, bkn.started.elapsed());
    meet(fate, &line, request, next).await
}

/// Tokens and weather of SIASN's web service.
async fn siasn_door(State(bkn): State<Arc<Bkn>>, ConnectInfo(line): ConnectInfo<Line>, request: Request, next: Next) -> Response {
    let fate = bkn.faults.fate(&bkn.weather, true, bkn.started.elapsed());
    if let Fate::Withdraw(both) = fate {
        let mut tokens = bkn.tokens();
        tokens.wso2 = None;
        if both {
            tokens.sso = None;
        }
    }
    if let Some(refused) = refuse(&bkn, request.headers()) {
        return refused;
    }
    meet(fate, &line, request, next).await
}

/// Why SIASN does not let the caller in.
fn refuse(bkn: &Bkn, headers: &HeaderMap) -> Option<Response> {
    let tokens = bkn.tokens();
    let alive = |token: &Option<(String, Instant)>, given: &str| {
        token.as_ref().is_some_and(|(known, until)| known == given && Instant::now() < *until)
    };
    let Some(gateway_token) = bearer(headers, "authorization") else {
        let fault = json!({ "fault": { "code": 900_902, "message": "Missing Credentials", "description": "Required OAuth credentials not provided." } });
        return Some(answer(401, fault.to_string()));
    };
    if !alive(&tokens.wso2, gateway_token) {
        return Some(answer(401, gateway("900901", "Invalid Credentials", "Make sure you have provided the correct security credentials")));
    }
    let Some(sso) = bearer(headers, "auth") else {
        return Some(answer(400, r#"{"message":"missing or malformed jwt"}"#));
    };
    (sso != super::SSO_TOKEN && !alive(&tokens.sso, sso)).then(|| answer(401, r#"{"message":"invalid or expired jwt"}"#))
}

/// The token behind `Bearer`, in any case (facts ekinerja-api §1.3).
fn bearer<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let (scheme, token) = headers.get(name)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// Lets the request through to its fate.
async fn meet(fate: Fate, line: &Line, request: Request, next: Next) -> Response {
    let retry = [(header::RETRY_AFTER, "1")];
    match fate {
        Fate::Pass | Fate::Withdraw(_) => next.run(request).await,
        Fate::Delay(wait) => {
            tokio::time::sleep(wait).await;
            next.run(request).await
        }
        Fate::Unavailable(true) => (retry, answer(503, r#"{"message":"Service Unavailable"}"#)).into_response(),
        Fate::Unavailable(false) => answer(503, gateway("101503", "Runtime Error", "Error connecting to the back end")),
        Fate::Throttled => (retry, answer(429, gateway("900800", "Message throttled out", "You have exceeded your quota"))).into_response(),
        Fate::Suspended(true) => {
            answer(503, gateway("303001", "Runtime Error", "Currently , Address endpoint : [ Name : contoh ] [ State : SUSPENDED ]"))
        }
        Fate::Suspended(false) => {
            let fault = "<am:fault xmlns:am=\"http://wso2.org/apimanager\"><am:code>303001</am:code><am:type>Status report</am:type>\
                         <am:message>Runtime Error</am:message><am:description>Address endpoint : [ State : SUSPENDED ]</am:description></am:fault>";
            (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "application/xml")], fault).into_response()
        }
        Fate::Html(gateway_timeout) => {
            let status = if gateway_timeout { StatusCode::GATEWAY_TIMEOUT } else { StatusCode::OK };
            (status, [(header::CONTENT_TYPE, "text/html")], "<html><body><h1>504 Gateway Time-out</h1></body></html>").into_response()
        }
        Fate::Reset | Fate::CutShort => {
            let response = next.run(request).await;
            line.suffer(fate, response.body().size_hint().lower());
            response
        }
    }
}

/// WSO2 hands out the token that is still valid, with its remaining life (facts ekinerja-api §1.2).
async fn wso2_token(State(bkn): State<Arc<Bkn>>, headers: HeaderMap, Form(form): Form<HashMap<String, String>>) -> Response {
    let expected = format!("Basic {}", base64(format!("{}:{}", super::CONSUMER_KEY, super::CONSUMER_SECRET).as_bytes()));
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if given != Some(&expected) {
        return answer(401, r#"{"error":"invalid_client","error_description":"Client Authentication failed."}"#);
    }
    if form.get("grant_type").map(String::as_str) != Some("client_credentials") {
        return answer(400, r#"{"error":"unsupported_grant_type","error_description":"Unsupported grant type"}"#);
    }
    let mut tokens = bkn.tokens();
    tokens.minted += 1;
    let fresh = format!("demo-wso2-{}", tokens.minted);
    let (token, until) = renew(&mut tokens.wso2, fresh, WSO2_LIFE);
    let life = (until - Instant::now()).as_secs();
    answer(200, json!({ "access_token": token, "scope": "default", "token_type": "Bearer", "expires_in": life }).to_string())
}

/// Keycloak's password grant.
async fn sso_token(State(bkn): State<Arc<Bkn>>, Form(form): Form<HashMap<String, String>>) -> Response {
    let expected = [
        ("client_id", super::SSO_CLIENT_ID),
        ("grant_type", "password"),
        ("username", super::SSO_USERNAME),
        ("password", super::SSO_PASSWORD),
    ];
    if !expected.iter().all(|(key, value)| form.get(*key).map(String::as_str) == Some(value)) {
        return answer(401, r#"{"error":"invalid_grant","error_description":"Invalid user credentials"}"#);
    }
    let mut tokens = bkn.tokens();
    tokens.minted += 1;
    let fresh = format!("demo-sso-{}", tokens.minted);
    let (token, until) = renew(&mut tokens.sso, fresh, SSO_LIFE);
    let life = (until - Instant::now()).as_secs();
    let body = json!({
        "access_token": token, "expires_in": life, "refresh_expires_in": life, "refresh_token": format!("{token}-refresh"), "token_type": "Bearer",
        "not-before-policy": 0, "session_state": "00000000-0000-4000-8000-000000000000", "scope": "email profile",
    });
    answer(200, body.to_string())
}

/// The token in force, or the fresh one.
fn renew(slot: &mut Option<(String, Instant)>, fresh: String, life: Duration) -> (String, Instant) {
    match slot {
        Some((token, until)) if Instant::now() < *until => (token.clone(), *until),
        _ => slot.insert((fresh, Instant::now() + life)).clone(),
    }
}

/// RFC 4648 with padding, for one header.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let joined = chunk.iter().fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = if place <= chunk.len() { LETTERS[(joined >> (18 - 6 * place) & 63) as usize] } else { b'=' };
            text.push(char::from(letter));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_of_rfc_4648() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
