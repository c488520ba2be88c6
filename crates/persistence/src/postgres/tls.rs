//! TLS to PostgreSQL, by rustls.
//!
//! | `sslmode` | encrypted | certificate issuer checked | host name checked |
//! |---|---|---|---|
//! | `disable` | no | | |
//! | `prefer` (default) | if the server supports it | no | no |
//! | `require` | yes | only if `sslrootcert` is set | no |
//! | `verify-ca` | yes | yes | no |
//! | `verify-full` | yes | yes | yes |

use std::{path::PathBuf, str::FromStr, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::OpenError;

/// Protection of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mode {
    /// No encryption.
    Disable,
    /// Encryption if the server supports it.
    #[default]
    Prefer,
    /// Encryption.
    Require,
    /// Encryption and a trusted certificate issuer.
    VerifyCa,
    /// Encryption, a trusted certificate issuer and a matching host name.
    VerifyFull,
}

/// Source of the trusted certificates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Roots {
    /// Not specified.
    #[default]
    Unsaid,
    /// The certificates of the system.
    System,
    /// The certificates in a PEM file.
    File(PathBuf),
}

/// TLS parameters of a URL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Wanted {
    pub(super) mode: Mode,
    pub(super) roots: Roots,
}

impl FromStr for Mode {
    type Err = OpenError;

    fn from_str(word: &str) -> Result<Self, OpenError> {
        match word {
            "disable" => Ok(Self::Disable),
            "prefer" => Ok(Self::Prefer),
            "require" => Ok(Self::Require),
            "verify-ca" => Ok(Self::VerifyCa),
            "verify-full" => Ok(Self::VerifyFull),
            _ => Err(OpenError::new("expected sslmode to be disable, prefer, require, verify-ca or verify-full")),
        }
    }
}

impl FromStr for Roots {
    type Err = OpenError;

    fn from_str(word: &str) -> Result<Self, OpenError> {
        match word {
            "" => Err(OpenError::new("expected sslrootcert to be a file or the word system")),
            "system" => Ok(Self::System),
            file => Ok(Self::File(file.into())),
        }
    }
}

/// Builds the TLS connector with the trusted certificates. None for unencrypted connections.
pub(super) fn connect(wanted: &Wanted) -> Result<Option<MakeRustlsConnect>, OpenError> {
    let provider = Arc::new(ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match (wanted.mode, &wanted.roots) {
        (Mode::Disable, _) => return Ok(None),
        (Mode::Prefer, _) | (Mode::Require, Roots::Unsaid) => {
            Arc::new(Lax { provider: provider.clone(), issuer: None })
        }
        (Mode::Require | Mode::VerifyCa, roots) => {
            let issuer = Some(strict(roots, &provider)?);
            Arc::new(Lax { provider: provider.clone(), issuer })
        }
        (Mode::VerifyFull, roots) => strict(roots, &provider)?,
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OpenError::new(format!("cannot set up TLS: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(Some(MakeRustlsConnect::new(config)))
}

/// Verifies issuer and host name.
fn strict(roots: &Roots, provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, OpenError> {
    let roots = load(roots)?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build();
    verifier.map_err(|error| OpenError::new(format!("cannot use the trusted certificates: {error}")))
}

fn load(roots: &Roots) -> Result<RootCertStore, OpenError> {
    let mut store = RootCertStore::empty();
    let Roots::File(file) = roots else {
        let system = rustls_native_certs::load_native_certs();
        store.add_parsable_certificates(system.certs);
        if store.is_empty() {
            return Err(OpenError::new("the system has no trusted certificates; name a file with sslrootcert"));
        }
        return Ok(store);
    };
    let failed = |error: &dyn std::fmt::Display| {
        OpenError::new(format!("cannot read the certificates in {}: {error}", file.display()))
    };
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| failed(&error))? {
        store.add(certificate.map_err(|error| failed(&error))?).map_err(|error| failed(&error))?;
    }
    if store.is_empty() {
        return Err(failed(&"no certificate found"));
    }
    Ok(store)
}

/// Does not verify the host name.
///
/// Without an issuer it accepts every certificate, and so every signature, because anyone can make a certificate for
/// their own key. libpq does the same. It includes X.509 v1, the version of the certificate that Citus creates, which
/// the signature check cannot read.
#[derive(Debug)]
struct Lax {
    provider: Arc<CryptoProvider>,
    /// Verifies the issuer, if required.
    issuer: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Lax {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(issuer) = &self.issuer else { return Ok(ServerCertVerified::assertion()) };
        match issuer.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            // The host name is checked last, so all other checks have passed.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.issuer.is_none() {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.issuer.is_none() {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
