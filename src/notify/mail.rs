//! Notices as mail. Always with TLS, except to a mail server on this machine.

use super::Notice;
use super::NotifyError;
use super::both;
use crate::config::Smtp;
use lettre::AsyncSmtpTransport;
use lettre::AsyncTransport as _;
use lettre::Message;
use lettre::Tokio1Executor;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use std::net::IpAddr;
use std::time::Duration;

/// How long the server may take for one command.
const PATIENCE: Duration = Duration::from_secs(20);
/// The port of SMTP inside TLS; on any other one TLS begins with STARTTLS.
const WRAPPED: u16 = 465;

/// Sends one mail to all of `to`.
pub(super) async fn send(smtp: &Smtp, to: &[String], notice: &Notice) -> Result<(), NotifyError> {
    let message = message(smtp, to, notice)?;
    transport(smtp)?.send(message).await.map(drop).map_err(|error| {
        let why = match error.status() {
            Some(code) => format!("the mail server answered {code}"),
            None if error.is_timeout() => "the mail server does not answer in time".to_owned(),
            None if error.is_tls() => "the mail server offers no TLS that can be trusted".to_owned(),
            None => "the mail server cannot be reached".to_owned(),
        };
        NotifyError::Undelivered { way: "smtp", why }
    })
}

fn message(smtp: &Smtp, to: &[String], notice: &Notice) -> Result<Message, NotifyError> {
    let mailbox = |key, address: &String| address.parse::<Mailbox>().map_err(|_| NotifyError::Address(key));
    let mut builder = Message::builder()
        .from(mailbox("notify.smtp.from", &smtp.from)?)
        .subject(format!("Selaras: {}", notice.subject.id))
        .message_id(Some(format!("<{}@selaras>", notice.id.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))));
    for address in to {
        builder = builder.to(mailbox("notify.rules.to", address)?);
    }
    builder
        .header(ContentType::TEXT_PLAIN)
        .body(format!("{}\n", both(&notice.said)))
        .map_err(|error| NotifyError::Undelivered { way: "smtp", why: error.to_string() })
}

fn transport(smtp: &Smtp) -> Result<AsyncSmtpTransport<Tokio1Executor>, NotifyError> {
    type Transport = AsyncSmtpTransport<Tokio1Executor>;
    let is_here = smtp.host == "localhost" || smtp.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let untrusted = |error: lettre::transport::smtp::Error| NotifyError::Undelivered { way: "smtp", why: error.to_string() };
    let mut builder = match smtp.port {
        _ if is_here => Transport::builder_dangerous(&smtp.host),
        WRAPPED => Transport::relay(&smtp.host).map_err(untrusted)?,
        _ => Transport::starttls_relay(&smtp.host).map_err(untrusted)?,
    };
    builder = builder.port(smtp.port).timeout(Some(PATIENCE));
    if let (Some(user), Some(password)) = (&smtp.username, &smtp.password) {
        let password = password.resolve("notify.smtp.password")?;
        builder = builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
    }
    Ok(builder.build())
}
