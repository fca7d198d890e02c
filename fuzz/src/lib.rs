//! The fuzz targets' common ground: [`targets`] is also part of the ordinary test suite.

pub mod targets;

/// The readers of workbooks catch the panics of the library below them; libFuzzer's own hook would end the process
/// before they can. A panic that nobody catches still ends it.
pub fn let_panics_be_caught() {
    std::panic::set_hook(Box::new(|_| {}));
}
