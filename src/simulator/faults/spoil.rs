//! Puts another answer in the place of one, or changes it on its way out.

use super::catalogue::Deed;
use axum::body::Body;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;
use serde_json::Value;
use std::future::Future;

/// What comes out instead of `meant`.
pub(crate) async fn spoil(deed: &'static Deed, meant: impl Future<Output = Response>) -> Response {
    match deed {
        Deed::Answer(instead) => {
            let status = StatusCode::from_u16(instead.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = (status, [(CONTENT_TYPE, instead.content_type)], instead.body.clone()).into_response();
            for (name, value) in instead.headers {
                response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            response
        }
        Deed::Body(change) => changed(meant.await, change).await,
        Deed::Rows(change) => changed(meant.await, |body| with_rows(body, *change)).await,
        Deed::Header(name, value) => {
            let mut response = meant.await;
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            response
        }
        Deed::Day(_) | Deed::Wire(_) => meant.await,
    }
}

async fn changed(response: Response, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Response {
    let (mut head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from(change(body.to_vec())))
}

/// The same answer with other rows; one that holds none is left as it is.
fn with_rows(body: Vec<u8>, change: fn(&mut Vec<Value>)) -> Vec<u8> {
    let Ok(mut answer) = serde_json::from_slice::<Value>(&body) else { return body };
    match answer.get_mut("data") {
        Some(Value::Array(rows)) if !rows.is_empty() => change(rows),
        Some(one @ Value::Object(_)) => {
            let mut rows = vec![one.take()];
            change(&mut rows);
            *one = if rows.len() == 1 { rows.remove(0) } else { Value::Array(rows) };
        }
        _ => return body,
    }
    answer.to_string().into_bytes()
}
