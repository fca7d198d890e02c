//! Who asks, as Selaras knows them.

use super::answer::{self, Answer};
use super::call::Call;
use super::describe::{Gives, Operation, list, maybe, object, one_of, text};
use crate::domain::access::{Right, Role};
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) const ONE: Operation = Operation {
    method: "GET",
    path: "/api/v1/me",
    id: "get_me",
    what: ("Akun, peran, hak, dan unit dari token ini.", "Account, roles, rights and units of this token."),
    query: &[],
    sends: None,
    gives: Gives::Json("Me"),
    refuses: &[],
};

#[derive(Serialize)]
struct Me {
    account: String,
    name: String,
    roles: Vec<&'static str>,
    rights: Vec<&'static str>,
    /// `None`: everybody's data.
    units: Option<BTreeSet<String>>,
}

pub(super) async fn one(State(_): State<Arc<crate::web::Site>>, call: Call) -> Answer {
    call.check(&ONE)?;
    let rights = Right::ALL.iter().filter(|(_, right)| call.viewer.may(*right)).map(|(key, _)| *key).collect();
    let me = Me {
        account: call.viewer.account.clone(),
        name: call.viewer.name.clone(),
        roles: call.viewer.roles.iter().map(|role| role.key()).collect(),
        rights,
        units: call.units(),
    };
    answer::whole(&call, &me)
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let me = object([
        ("account", text()),
        ("name", text()),
        ("roles", list(one_of(Role::ALL.map(|(key, _)| key)))),
        ("rights", list(one_of(Right::ALL.map(|(key, _)| key)))),
        ("units", maybe(list(text()))),
    ]);
    vec![("Me", me)]
}
