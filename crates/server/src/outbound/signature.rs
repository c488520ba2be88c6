//! Signatures as Standard Webhooks define them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;

const PREFIX: &str = "whsec_";
/// Bytes of a new secret.
const LENGTH: usize = 32;

/// A new random secret.
///
/// # Errors
/// If the system has no random numbers.
pub fn new_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// The value of `webhook-signature`: one signature by each secret.
#[must_use]
pub fn sign(secrets: &[&str], id: &str, timestamp: &str, body: &str) -> String {
    let signed = format!("{id}.{timestamp}.{body}");
    let by = |secret: &&str| {
        // Only secrets of our own making are stored.
        let key = STANDARD.decode(secret.strip_prefix(PREFIX).unwrap_or(secret)).unwrap_or_default();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
        format!("v1,{}", STANDARD.encode(tag))
    };
    secrets.iter().map(by).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn the_example_of_the_specification_has_its_signature() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signature = sign(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn two_secrets_sign_beside_each_other() {
        let (one, other) = (new_secret().unwrap(), new_secret().unwrap());
        let both = sign(&[&one, &other], "id", "1", "{}");
        assert_eq!(both, format!("{} {}", sign(&[&one], "id", "1", "{}"), sign(&[&other], "id", "1", "{}")));
    }
}
