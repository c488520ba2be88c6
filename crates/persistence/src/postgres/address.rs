//! Address of the PostgreSQL server and the TLS settings of its connections.

use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use percent_encoding::percent_decode_str;
use tokio_postgres::{
    Config, NoTls,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{conn::Conn, tls};
use crate::OpenError;

/// Port of a server whose URL names none.
const DEFAULT_PORT: u16 = 5432;

/// Parsed database URL, with the certificates that it names.
#[derive(Clone)]
pub(crate) struct Address {
    config: Config,
    /// None for unencrypted connections.
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    /// Parses a URL. `sslmode` and `sslrootcert` have the meaning of libpq, except that `verify-ca` and `verify-full`
    /// trust the system's certificates if `sslrootcert` is missing.
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        let (rest, wanted) = split(url)?;
        let mut config = rest.parse::<Config>().map_err(|error| {
            // The driver's message names the unknown part of the URL, and never the password.
            OpenError::new(format!("expected postgres://USER:PASSWORD@HOST:PORT/DATABASE: {}", with_causes(&error)))
        })?;
        config.application_name("docket");
        config.ssl_mode(match wanted.mode {
            tls::Mode::Disable => SslMode::Disable,
            tls::Mode::Prefer => SslMode::Prefer,
            tls::Mode::Require | tls::Mode::VerifyCa | tls::Mode::VerifyFull => SslMode::Require,
        });
        Ok(Self { config, tls: tls::connect(&wanted)? })
    }

    /// Opens a connection within `timeout`. The database cancels a statement that takes longer than `limit`; zero means
    /// no limit.
    pub(super) async fn establish(&self, timeout: Duration, limit: Duration) -> ConnectionResult<Conn> {
        let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(self.in_words(&error));
        let mut config = self.config.clone();
        let limits = format!("-c statement_timeout={} -c idle_in_transaction_session_timeout=10000", limit.as_millis());
        let options = match self.config.get_options() {
            Some(given) => format!("{limits} {given}"),
            None => limits,
        };
        config.connect_timeout(timeout).options(options);
        match &self.tls {
            Some(tls) => {
                let (client, connection) = config.connect(tls.clone()).await.map_err(bad)?;
                Conn::try_from_client_and_connection(client, connection).await
            }
            None => {
                let (client, connection) = config.connect(NoTls).await.map_err(bad)?;
                Conn::try_from_client_and_connection(client, connection).await
            }
        }
    }
}

impl Address {
    /// Why no connection was opened. That nobody listens is said with the address, which is often the mistake.
    fn in_words(&self, error: &tokio_postgres::Error) -> String {
        let causes = with_causes(error);
        let is_io = std::error::Error::source(error).is_some_and(|cause| cause.is::<std::io::Error>());
        if !is_io {
            return causes;
        }
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        let ports = self.config.get_ports().iter().copied().chain(std::iter::repeat(DEFAULT_PORT));
        let places = hosts.zip(ports).map(|(host, port)| format!("{host}:{port}")).collect::<Vec<_>>().join(", ");
        format!("PostgreSQL at {places} cannot be reached; check that it runs and that the URL is right: {causes}")
    }
}

/// The error with all its causes. A refused certificate, for example, is the cause of a cause.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Separates the TLS parameters from the URL. The driver does not support them, or only in part.
fn split(url: &str) -> Result<(String, tls::Wanted), OpenError> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let mut wanted = tls::Wanted::default();
    let mut others = Vec::new();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = percent_decode_str(value).decode_utf8().map_err(|_| OpenError::new("the URL is not UTF-8"))?;
        match name {
            "sslmode" => wanted.mode = value.parse()?,
            "sslrootcert" => wanted.roots = value.parse()?,
            _ => others.push(parameter),
        }
    }
    let rest = if others.is_empty() { base.to_owned() } else { format!("{base}?{}", others.join("&")) };
    Ok((rest, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tls_parameters_are_removed_from_the_url() {
        let (rest, wanted) = split("postgres://u@h/d?sslmode=verify-full&a=b&sslrootcert=%2Ftmp%2Froot.pem").unwrap();
        assert_eq!(rest, "postgres://u@h/d?a=b");
        assert_eq!(wanted.mode, tls::Mode::VerifyFull);
        assert_eq!(wanted.roots, tls::Roots::File("/tmp/root.pem".into()));
        let (rest, wanted) = split("postgres://u@h/d?sslmode=disable").unwrap();
        assert_eq!((rest.as_str(), wanted.mode), ("postgres://u@h/d", tls::Mode::Disable));
    }

    #[test]
    fn the_default_sslmode_is_prefer() {
        let (rest, wanted) = split("postgres://u@h/d").unwrap();
        assert_eq!((rest.as_str(), wanted), ("postgres://u@h/d", tls::Wanted::default()));
        assert_eq!(tls::Wanted::default().mode, tls::Mode::Prefer);
    }

    #[test]
    fn an_invalid_parameter_or_file_is_refused_by_name_without_the_password() {
        let refusal = |url: &str| Address::parse(url).err().map(|error| error.to_string()).unwrap();
        assert!(refusal("postgres://u@h/d?sslmode=allow").contains("sslmode"));
        assert!(refusal("postgres://u@h/d?sslmode=verify-full&sslrootcert=/no/such/file").contains("/no/such/file"));
        assert!(refusal("postgres://u:secret@h/d?sslcolour=red").contains("sslcolour"));
        assert!(!refusal("postgres://u:secret@h/d?sslcolour=red").contains("secret"));
    }
}
