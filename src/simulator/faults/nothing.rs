//! Every spelling of "there is nothing" (facts ekinerja-api §3.2), said of everybody; and what looks like one and is not.

use super::catalogue::Deed;
use super::catalogue::Entry;
use super::catalogue::Instead;
use super::catalogue::Promise;
use super::catalogue::Promise::Fails;
use super::catalogue::Strikes;

/// BKN declares: a list that had people is held, a person is believed to have nothing.
const DECLARED: [Promise; 2] = [Promise::Held("vanish"), Promise::Absent];

pub(super) fn entries() -> Vec<Entry> {
    let said = |name: &str, does, status: u16, body: &str, promises| {
        Entry::new(name, does, Strikes::Always, Deed::Answer(Instead::json(status, body)), promises).sparing_periods()
    };
    vec![
        said("nothing-404", "404 that says there is nothing", 404, r#"{"code":0,"data":"Data tidak ditemukan"}"#, DECLARED),
        said("nothing-code0", "code 0 with the text", 200, r#"{"code":0,"data":"Data tidak ditemukan","message":"failed"}"#, DECLARED),
        said("nothing-code0-null", "code 0 with null", 200, r#"{"code":0,"data":null,"message":"failed"}"#, DECLARED),
        said("nothing-null", "code 1 with null", 200, r#"{"code":1,"data":null,"message":"success"}"#, DECLARED),
        said("nothing-text", "code 1 with the text", 200, r#"{"code":1,"data":"Data tidak ditemukan"}"#, DECLARED),
        said("nothing-other-text", "code 1 with another text", 200, r#"{"code":1,"data":"TIDAK ADA DATA "}"#, DECLARED),
        said("nothing-gorm", "the database's own text", 200, r#"{"code":0,"data":"record not found"}"#, DECLARED),
        said("nothing-message", "the text in message only", 200, r#"{"code":0,"message":"data not found"}"#, DECLARED),
        said("nothing-list", "code 1 with []", 200, r#"{"code":1,"data":[],"message":"success"}"#, DECLARED),
        said("not-nothing-404", "404 without saying why", 404, r#"{"message":"Not Found"}"#, [Fails("server_error"); 2]),
        said(
            "not-nothing-text",
            "another text where data belongs",
            200,
            r#"{"code":1,"data":"Sedang pemeliharaan"}"#,
            [Fails("malformed"); 2],
        ),
        said("not-nothing-500", "the text with 500", 500, r#"{"code":0,"data":"record not found"}"#, [Fails("server_error"); 2]),
        said(
            "not-nothing-code0",
            "code 0 with a failure",
            200,
            r#"{"code":0,"data":"Gagal terhubung ke basis data"}"#,
            [Fails("server_error"); 2],
        ),
        said("not-nothing-object", "data is {}", 200, r#"{"code":1,"data":{}}"#, [Fails("malformed"), Fails("schema")]),
        said("not-nothing-number", "data is 0", 200, r#"{"code":1,"data":0}"#, [Fails("malformed"); 2]),
        said("not-nothing-missing", "no data at all", 200, r#"{"code":1,"message":"success"}"#, [Fails("malformed"); 2]),
    ]
}
