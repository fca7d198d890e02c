//! The rules, one file a family of findings. A code's first two letters name its file:
//! ID identity, RO roster, SK skp, PR predikat, assessment and other_cycles, AB attendance, LV leave, CL class and
//! acting, ST status and standing, DS discipline, AM BK PE payment, SR source. What no person's dossier shows is beside
//! this folder: findings about files in `files`, about units (AB08, AB11) in `units`, about PINs (ID05) in `devices`.
//! `docs/FINDINGS.md` leads from each code to its function.

pub mod acting;
pub mod assessment;
pub mod attendance;
pub mod class;
pub mod day;
pub mod discipline;
pub mod identity;
pub mod leave;
pub mod other_cycles;
pub mod payment;
pub mod predikat;
pub mod roster;
pub mod skp;
pub mod source;
pub mod standing;
pub mod status;
