//! Checkpoints as signed notes (C2SP, <https://c2sp.org/signed-note>).
//!
//! The note has one line per account: its id, the length of its chain, and the hash of the last entry in base64. An
//! Ed25519 signature follows.

use std::{collections::HashMap, fmt};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use docket_domain::{event::LogHash, id::AccountId, log_chain::ChainHead, time::Timestamp};
use ring::{
    rand::SystemRandom,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use sha2::{Digest as _, Sha256};

/// First line of the note. It identifies the note as a checkpoint.
const ORIGIN: &str = "docket checkpoint";
/// Number of Ed25519 among the signature types of signed notes.
const ALGORITHM: u8 = 1;
const PEM: [&str; 2] = ["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"];

/// The heads of the log chains of all accounts at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub made_at: Timestamp,
    pub heads: HashMap<AccountId, ChainHead>,
}

/// A named private key.
pub struct Signer {
    name: String,
    pair: Ed25519KeyPair,
}

/// A named public key. Its text form is `NAME+HASH+KEY`, as in signed notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: [u8; 32],
}

impl Signer {
    /// Generates a private key as PEM (PKCS #8).
    ///
    /// # Errors
    /// If the operating system provides no random bytes.
    pub fn generate() -> anyhow::Result<String> {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .ok()
            .context("the operating system provides no random bytes")?;
        let [begin, end] = PEM;
        Ok(format!("{begin}\n{}\n{end}\n", STANDARD.encode(key)))
    }

    /// Reads a private key from PEM (PKCS #8).
    ///
    /// # Errors
    /// If it is not an Ed25519 key, or the name is not valid in a note.
    pub fn read(name: &str, pem: &str) -> anyhow::Result<Self> {
        anyhow::ensure!(is_name(name), "the name of a key must not be empty and must not contain whitespace or +");
        let [begin, end] = PEM;
        let body = pem.trim().strip_prefix(begin).and_then(|rest| rest.strip_suffix(end)).context("expected PEM")?;
        let key = STANDARD.decode(body.split_whitespace().collect::<String>()).context("expected PEM")?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&key);
        let pair = pair.map_err(|error| anyhow::anyhow!("expected an Ed25519 key in PKCS #8: {error}"))?;
        Ok(Self { name: name.to_owned(), pair })
    }

    /// # Errors
    /// Never: an Ed25519 public key has 32 bytes.
    pub fn verifier_key(&self) -> anyhow::Result<VerifierKey> {
        let key = self.pair.public_key().as_ref().try_into()?;
        Ok(VerifierKey { name: self.name.clone(), key })
    }

    /// Writes a checkpoint as a signed note.
    ///
    /// # Errors
    /// See [`Signer::verifier_key`].
    pub fn sign(&self, checkpoint: &Checkpoint) -> anyhow::Result<String> {
        let key = self.verifier_key()?;
        let text = checkpoint.text();
        let signature = self.pair.sign(text.as_bytes());
        let signature = STANDARD.encode([&key.hash()[..], signature.as_ref()].concat());
        Ok(format!("{text}\n\u{2014} {} {signature}\n", self.name))
    }
}

impl VerifierKey {
    /// Reads `NAME+HASH+KEY`.
    ///
    /// # Errors
    /// If it is not a public Ed25519 key with the matching hash.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let wrong = "expected a verifier key, NAME+HASH+KEY, as `docket checkpoint --key FILE --show-key` prints it";
        let mut parts = text.trim().splitn(3, '+');
        let (name, hash, key) = (parts.next(), parts.next(), parts.next());
        let (Some(name), Some(hash), Some(key)) = (name, hash, key) else { anyhow::bail!(wrong) };
        let key = STANDARD.decode(key).context(wrong)?;
        let Some((&ALGORITHM, key)) = key.split_first() else { anyhow::bail!(wrong) };
        let key = Self { name: name.to_owned(), key: key.try_into().context(wrong)? };
        anyhow::ensure!(is_name(name) && hash == key.hex(), wrong);
        Ok(key)
    }

    /// Reads a note that is signed by this key.
    ///
    /// # Errors
    /// If it is not a checkpoint, or has no valid signature of this key.
    pub fn open(&self, note: &str) -> anyhow::Result<Checkpoint> {
        let (text, signatures) = note.rsplit_once("\n\n").context("expected a signed note")?;
        let text = format!("{text}\n");
        let line = format!("\u{2014} {} ", self.name);
        let of_key = signatures.lines().filter_map(|signature| signature.strip_prefix(&line));
        let is_signed = of_key.filter_map(|signature| STANDARD.decode(signature.trim()).ok()).any(|signature| {
            let key = UnparsedPublicKey::new(&ED25519, self.key);
            let signed = signature.strip_prefix(&self.hash());
            signed.is_some_and(|signature| key.verify(text.as_bytes(), signature).is_ok())
        });
        anyhow::ensure!(is_signed, "the checkpoint is not signed by the key {self}");
        Checkpoint::parse(&text)
    }

    fn hash(&self) -> [u8; 4] {
        let digest: [u8; 32] = Sha256::digest([self.name.as_bytes(), b"\n", &[ALGORITHM], &self.key].concat()).into();
        let [a, b, c, d, ..] = digest;
        [a, b, c, d]
    }

    fn hex(&self) -> String {
        self.hash().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([&[ALGORITHM], &self.key[..]].concat());
        write!(f, "{}+{}+{key}", self.name, self.hex())
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+')
}

impl Checkpoint {
    fn text(&self) -> String {
        let mut heads = self.heads.iter().collect::<Vec<_>>();
        heads.sort_by_key(|(account, _)| **account);
        let mut text = format!("{ORIGIN}\n{}\n", self.made_at.to_rfc3339());
        for (account, head) in heads {
            text.push_str(&format!("{} {} {}\n", account.0, head.size, STANDARD.encode(head.hash.as_bytes())));
        }
        text
    }

    /// Reads a note without checking its signatures.
    ///
    /// # Errors
    /// If it is not a checkpoint.
    pub fn open_unchecked(note: &str) -> anyhow::Result<Self> {
        let (text, _) = note.rsplit_once("\n\n").context("expected a signed note")?;
        Self::parse(text)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut lines = text.lines();
        anyhow::ensure!(lines.next() == Some(ORIGIN), "the note is not a Docket checkpoint");
        let made_at = lines.next().and_then(|line| line.parse().ok()).context("the checkpoint has no time")?;
        let head = |line: &str| {
            let mut parts = line.split(' ');
            let account = AccountId(parts.next()?.parse().ok()?);
            let size = parts.next()?.parse().ok()?;
            let hash = LogHash::from_bytes(&STANDARD.decode(parts.next()?).ok()?)?;
            Some((account, ChainHead { size, hash }))
        };
        let heads = lines.map(|line| head(line).with_context(|| format!("cannot read {line:?} in the checkpoint")));
        Ok(Self { made_at, heads: heads.collect::<anyhow::Result<_>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        let head = |size| ChainHead { size, hash: LogHash::START };
        let heads = [(AccountId(2), head(0)), (AccountId(1), head(7))].into();
        Checkpoint { made_at: "2026-03-02T09:00:00Z".parse().unwrap(), heads }
    }

    #[test]
    fn a_note_is_opened_by_its_key_alone_and_as_it_was_signed() {
        let signer = Signer::read("docket.example", &Signer::generate().unwrap()).unwrap();
        let key = VerifierKey::parse(&signer.verifier_key().unwrap().to_string()).unwrap();
        let note = signer.sign(&checkpoint()).unwrap();
        assert!(note.starts_with("docket checkpoint\n2026-03-02T09:00:00+00:00\n1 7 AAAA"), "{note}");
        assert_eq!(key.open(&note).unwrap(), checkpoint());
        for (from, to) in [("1 7", "1 6"), ("09:00", "10:00"), ("docket.example", "docket.other"), ("\n\n", "\n")] {
            assert!(key.open(&note.replacen(from, to, 1)).is_err(), "{from}");
        }
        let other = Signer::read("docket.example", &Signer::generate().unwrap()).unwrap();
        assert!(key.open(&other.sign(&checkpoint()).unwrap()).is_err());
    }

    /// Example of the specification.
    #[test]
    fn verifier_keys_are_those_of_signed_notes() {
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        assert_eq!(VerifierKey::parse(text).unwrap().to_string(), text);
        for wrong in ["", "docket", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "a+b+c"] {
            assert!(VerifierKey::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for pem in ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
            assert!(Signer::read("docket", pem).is_err(), "{pem}");
        }
        assert!(Signer::read("a b", &Signer::generate().unwrap()).is_err());
    }
}
