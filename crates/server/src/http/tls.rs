//! TLS for callers, with rustls.
//!
//! SIGHUP reloads the certificate and the key. Open connections keep their certificate; new connections get the new
//! one. If the files cannot be loaded, the previous certificate stays in use.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::Context as _;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

/// A certificate and its key, with the paths of their files.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Tls {
    /// Reads a certificate chain and its private key, both PEM.
    ///
    /// # Errors
    /// If a file cannot be read, contains no certificate or key, or the key does not belong to the certificate.
    pub fn load(certificate: PathBuf, key: PathBuf) -> anyhow::Result<Arc<Self>> {
        let current = RwLock::new(Arc::new(read(&certificate, &key)?));
        Ok(Arc::new(Self { certificate, key, current }))
    }

    /// Reads the files again, for new connections.
    ///
    /// # Errors
    /// See [`Tls::load`]. The previous certificate stays in use.
    pub fn reload(&self) -> anyhow::Result<()> {
        let new = Arc::new(read(&self.certificate, &self.key)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// Configuration of a listener.
    ///
    /// # Errors
    /// If rustls refuses its own defaults.
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, rustls::Error> {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Self>::clone(self));
        Ok(config)
    }
}

/// Omits the private key.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Tls {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn read(certificate: &Path, key: &Path) -> anyhow::Result<CertifiedKey> {
    let unreadable = |file: &Path| format!("cannot read {}", file.display());
    let chain = CertificateDer::pem_file_iter(certificate).with_context(|| unreadable(certificate))?;
    let chain = chain.collect::<Result<Vec<_>, _>>().with_context(|| unreadable(certificate))?;
    anyhow::ensure!(!chain.is_empty(), "{} contains no certificate", certificate.display());
    let secret = PrivateKeyDer::from_pem_file(key).with_context(|| unreadable(key))?;
    let pair = CertifiedKey::from_der(chain, secret, &ring::default_provider());
    pair.with_context(|| format!("{} and {} cannot be used together", certificate.display(), key.display()))
}
