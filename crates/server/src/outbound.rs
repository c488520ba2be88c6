//! Requests to the receivers of webhooks: the address check, the signature, one attempt.

mod address;
mod signature;

use std::{
    error::Error as StdError,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_tls::connect::{Connector as TcpConnector, Resolve, Resolver};
use actix_web::rt::time::timeout;
use awc::{
    Client, Connector,
    http::{Uri, header},
};
use chrono::{TimeDelta, Utc};
use docket_domain::{
    time::{Timestamp, to_microseconds},
    webhook::{Attempt, PATIENCE},
};
use futures_util::future::LocalBoxFuture;
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use self::address::is_public;
pub use self::signature::{new_secret, sign};
/// Bytes of an answer that are read, so that the connection can be used again.
const ANSWER_MAX: usize = 64 << 10;
/// Characters of an error that are kept.
const ERROR_MAX: usize = 200;
/// Time to look up an address.
const LOOKUP: Duration = Duration::from_secs(2);
const NOT_PUBLIC: &str = "the address is not public";

/// Sends requests to the receivers of webhooks.
#[derive(Clone)]
pub struct Outbound {
    client: Client,
    allow_private: bool,
}

/// What an attempt gave.
#[derive(Debug)]
pub struct Sent {
    pub attempt: Attempt,
    /// The header `Retry-After`.
    pub retry_after: Option<TimeDelta>,
}

/// Looks names up, and leaves out addresses that are not public. The connection is made to what it returns.
struct PublicOnly {
    allow_private: bool,
}

impl Resolve for PublicOnly {
    fn lookup<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> LocalBoxFuture<'a, Result<Vec<SocketAddr>, Box<dyn StdError>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, port)).await?.collect::<Vec<_>>();
            let public = found.into_iter().filter(|address| self.allow_private || is_public(address.ip()));
            let public = public.collect::<Vec<_>>();
            if public.is_empty() { Err(NOT_PUBLIC.into()) } else { Ok(public) }
        })
    }
}

impl Outbound {
    /// `allow_private` lifts the rules that an address is public and that a URL has the scheme `https`.
    #[must_use]
    pub fn new(allow_private: bool) -> Self {
        let tcp = TcpConnector::new(Resolver::custom(PublicOnly { allow_private })).service();
        let patience = PATIENCE.to_std().unwrap_or(Duration::from_secs(15));
        let mut connector = Connector::new().connector(tcp).timeout(patience).handshake_timeout(patience).limit(1_000);
        match tls() {
            Ok(config) => connector = connector.rustls_0_23(Arc::new(config)),
            Err(error) => log::error!("webhooks over TLS will fail: {error}"),
        }
        let client = Client::builder().connector(connector).disable_redirects().disable_timeout().no_default_headers();
        Self { client: client.finish(), allow_private }
    }

    /// Checks the URL of a webhook.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub async fn check(&self, url: &str) -> Result<(), &'static str> {
        let host = self.host(url)?;
        if let Some(host) = host.filter(|_| !self.allow_private) {
            // A name that cannot be found now may be found later: every connection checks again.
            let found = timeout(LOOKUP, tokio::net::lookup_host((host.as_str(), 443))).await;
            if let Ok(Ok(mut found)) = found
                && !found.any(|address| is_public(address.ip()))
            {
                return Err("must have a public address");
            }
        }
        Ok(())
    }

    /// The name to look up; `None` for an address.
    fn host(&self, url: &str) -> Result<Option<String>, &'static str> {
        const EXPECTED: &str = "must be an absolute URL with the scheme https, for example https://example.com/hook";
        let parsed = url.parse::<Uri>().map_err(|_| EXPECTED)?;
        match parsed.scheme_str() {
            Some("https") => {}
            Some("http") if self.allow_private => {}
            Some(_) | None => return Err(EXPECTED),
        }
        let authority = parsed.authority().ok_or(EXPECTED)?;
        if authority.as_str().contains('@') {
            return Err("must not contain credentials");
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(EXPECTED);
        }
        // Numbers that some resolvers read as an address.
        let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or(host);
        let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
        match host.parse() {
            Ok(address) if self.allow_private || is_public(address) => Ok(None),
            Ok(_) => Err("must have a public address"),
            Err(_) if is_number => Err("must have a public address"),
            Err(_) => Ok(Some(host.to_owned())),
        }
    }

    /// Sends a body once. Redirects are not followed.
    pub async fn send(&self, url: &str, secrets: &[&str], id: &str, body: String) -> Sent {
        let (at, begin) = (to_microseconds(Utc::now()), Instant::now());
        let patience = PATIENCE.to_std().unwrap_or(Duration::from_secs(15));
        let outcome = timeout(patience, self.try_send(url, secrets, id, body, at)).await;
        let outcome = outcome.unwrap_or_else(|_| Err("no answer within 15 seconds".to_owned()));
        let milliseconds = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (status, retry_after, error) = match outcome {
            Ok((status, retry_after)) => {
                let error = (!(200..300).contains(&status)).then(|| format!("the receiver answered {status}"));
                (Some(status), retry_after, error)
            }
            Err(error) => (None, None, Some(error.chars().take(ERROR_MAX).collect())),
        };
        Sent { attempt: Attempt { at, status, milliseconds, error }, retry_after }
    }

    async fn try_send(
        &self,
        url: &str,
        secrets: &[&str],
        id: &str,
        body: String,
        at: Timestamp,
    ) -> Result<(u16, Option<TimeDelta>), String> {
        // The rules may have become stricter since the URL was entered.
        self.host(url).map_err(str::to_owned)?;
        let timestamp = at.timestamp().to_string();
        let signature = sign(secrets, id, &timestamp, &body);
        let request = self
            .client
            .post(url)
            .insert_header((header::CONTENT_TYPE, "application/json"))
            .insert_header((header::USER_AGENT, concat!("docket/", env!("CARGO_PKG_VERSION"))))
            .insert_header(("webhook-id", id))
            .insert_header(("webhook-timestamp", timestamp))
            .insert_header(("webhook-signature", signature));
        let mut answer = request.send_body(body).await.map_err(|error| error.to_string())?;
        let asked = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = asked.and_then(|text| read_retry_after(text, at));
        let status = answer.status().as_u16();
        // Only the status counts.
        drop(answer.body().limit(ANSWER_MAX).await);
        Ok((status, retry_after))
    }
}

/// Seconds, or a date.
fn read_retry_after(text: &str, now: Timestamp) -> Option<TimeDelta> {
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(TimeDelta::seconds(seconds.into()));
    }
    let until = chrono::DateTime::parse_from_rfc2822(text.trim()).ok()?;
    Some((until.to_utc() - now).max(TimeDelta::zero()))
}

fn tls() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    Ok(config.with_safe_default_protocol_versions()?.with_root_certificates(roots).with_no_client_auth())
}
