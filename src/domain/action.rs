//! What is done and looked at, by the words that stand in the audit log. They stay: logs of years are read by them.

/// The keys, each with what it says, and the list of all of them.
macro_rules! actions {
    ($($(#[$said:meta])* $name:ident = $key:literal),* $(,)?) => {
        $($(#[$said])* pub const $name: &str = $key;)*
        /// All of them.
        pub const ALL: &[&str] = &[$($name),*];
    };
}

actions! {
    /// Somebody signed in.
    SIGN_IN = "sign_in",
    /// Somebody tried to.
    SIGN_IN_FAILED = "sign_in_failed",
    /// An account waits after too many failures.
    LOCKOUT = "lockout",
    /// Somebody signed out.
    SIGN_OUT = "sign_out",
    /// An account was made.
    ACCOUNT_ADDED = "account_added",
    /// An account has another password.
    PASSWORD_SET = "password_set",
    /// An account has other roles or units.
    ROLES_SET = "roles_set",
    /// An account was closed.
    ACCOUNT_DISABLED = "account_disabled",
    /// An account was opened again.
    ACCOUNT_ENABLED = "account_enabled",
    /// A token was made.
    TOKEN_ADDED = "token_added",
    /// A token was taken back.
    TOKEN_REVOKED = "token_revoked",
    /// Sessions of an account were ended.
    SESSIONS_ENDED = "sessions_ended",
    /// The page of one person was shown.
    PERSON_SEEN = "person_seen",
    /// Rows about people were given to a program.
    LISTED = "listed",
    /// A payment file was judged through the API.
    PAYMENT_CHECKED = "payment_checked",
    /// A document with people in it left.
    EXPORTED = "exported",
    /// A job was started by hand.
    JOB_STARTED = "job_started",
    /// What was set aside is asked again.
    ASKED_AGAIN = "asked_again",
    /// An answer that was held may be taken.
    HELD_ACCEPTED = "held_accepted",
    /// An answer that was held stays aside.
    HELD_REFUSED = "held_refused",
    /// Filters were given a name.
    VIEW_SAVED = "view_saved",
    /// A saved view has another name.
    VIEW_RENAMED = "view_renamed",
    /// A saved view was taken away.
    VIEW_DELETED = "view_deleted",
    /// Somebody is in charge of a case.
    CASE_ASSIGNED = "case_assigned",
    /// A case has another deadline.
    CASE_DEADLINE_SET = "case_deadline_set",
    /// Somebody wrote about a case.
    CASE_COMMENTED = "case_commented",
    /// A waiver was asked for.
    WAIVER_ASKED = "waiver_asked",
    /// A waiver was approved.
    WAIVER_APPROVED = "waiver_approved",
    /// A waiver was refused.
    WAIVER_REFUSED = "waiver_refused",
    /// A waiver was withdrawn.
    WAIVER_WITHDRAWN = "waiver_withdrawn",
    /// Somebody asked for what their roles do not give.
    REFUSED = "refused",
    /// A change came in somebody's name that none of our pages has sent.
    FORGED = "forged",
}
