//! TLS to a PostgreSQL server that requires it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::Path,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use docket_domain::store::Health;
use docket_persistence::{Connector, Settings, testing::OwnCluster};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PublicKeyData, SigningKey};

use crate::bed::{Folder, block_on};

/// Creates an issuer and a server certificate for `localhost`. Returns the issuer's certificate, the server's
/// certificate and the server's key.
fn certificates() -> (String, String, String) {
    let mut issuer = CertificateParams::new(Vec::new()).unwrap();
    issuer.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer_key = KeyPair::generate().unwrap();
    let root = issuer.self_signed(&issuer_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let server = server.signed_by(&key, &Issuer::new(issuer, issuer_key)).unwrap().pem();
    (root, server, key.serialize_pem())
}

/// Writes a file that only the server can read, as PostgreSQL requires for its key.
fn write_for_server(folder: &Path, name: &str, content: &str) {
    let (path, owner) = (folder.join(name), fs::metadata(folder).unwrap());
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
}

async fn execute(url: &str, statement: &str) {
    AsyncPgConnection::establish(url).await.unwrap().batch_execute(statement).await.unwrap();
}

/// Pings the database at a URL and returns the error as text.
async fn ping(url: &str) -> Result<(), String> {
    let connector = Connector::open(url, Settings::default()).map_err(|error| error.to_string())?;
    connector.worker().unwrap().ping().await.map_err(|error| format!("{error:?}"))
}

/// Restarts the server so that it refuses connections without TLS.
fn require_tls(cluster: &mut OwnCluster, url: &str) {
    block_on(async {
        for setting in ["ssl = on", "ssl_cert_file = 'docket.crt'", "ssl_key_file = 'docket.key'"] {
            execute(url, &format!("ALTER SYSTEM SET {setting}")).await;
        }
    });
    let rules = cluster.socket_folder().unwrap().join("data/pg_hba.conf");
    fs::write(rules, "hostssl all all 127.0.0.1/32 trust\n").unwrap();
    cluster.stop();
    cluster.start();
}

/// A DER value of up to 64 KiB.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let length = match content.len() {
        0..128 => vec![low],
        128..256 => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [&[tag], length.as_slice(), content].concat()
}

/// A self-signed certificate of X.509 version 1, as Citus creates it, and its key. rcgen only makes version 3.
fn certificate_of_version_1() -> (String, String) {
    const SEQUENCE: u8 = 0x30;
    let key = KeyPair::generate().unwrap();
    let ecdsa_with_sha256 = der(SEQUENCE, &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]);
    let common_name = [&[0x06, 3, 0x55, 4, 3], der(0x0c, b"citus").as_slice()].concat();
    let name = der(SEQUENCE, &der(0x31, &der(SEQUENCE, &common_name)));
    let validity = der(SEQUENCE, &[der(0x17, b"250101000000Z"), der(0x17, b"491231235959Z")].concat());
    let serial = der(0x02, &[1]);
    let content = [serial, ecdsa_with_sha256.clone(), name.clone(), validity, name, key.subject_public_key_info()];
    let content = der(SEQUENCE, &content.concat());
    let signature = [&[0], key.sign(&content).unwrap().as_slice()].concat();
    let certificate = der(SEQUENCE, &[content, ecdsa_with_sha256, der(0x03, &signature)].concat());
    let base64 = BASE64_STANDARD.encode(&certificate);
    (format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n"), key.serialize_pem())
}

#[test]
fn a_certificate_of_version_1_is_accepted_where_it_need_not_be_trusted() {
    let Some(mut cluster) = OwnCluster::start_new() else { return };
    let url = cluster.fresh_database();
    let (certificate, key) = certificate_of_version_1();
    let server = cluster.socket_folder().unwrap().join("data");
    write_for_server(&server, "docket.crt", &certificate);
    write_for_server(&server, "docket.key", &key);
    require_tls(&mut cluster, &url);
    let folder = Folder::new();
    let root = folder.path().join("root.pem");
    fs::write(&root, certificates().0).unwrap();
    block_on(async {
        for parameters in ["", "?sslmode=prefer", "?sslmode=require"] {
            assert_eq!(ping(&format!("{url}{parameters}")).await, Ok(()), "{parameters}");
        }
        for mode in ["require", "verify-ca", "verify-full"] {
            let refused = ping(&format!("{url}?sslmode={mode}&sslrootcert={}", root.display())).await.unwrap_err();
            assert!(refused.contains("certificate"), "{mode}: {refused}");
        }
    });
}

#[test]
fn each_sslmode_encrypts_and_verifies_as_documented() {
    let Some(mut cluster) = OwnCluster::start_new() else { return };
    let url = cluster.fresh_database();
    let (root, certificate, key) = certificates();
    let server = cluster.socket_folder().unwrap().join("data");
    write_for_server(&server, "docket.crt", &certificate);
    write_for_server(&server, "docket.key", &key);
    require_tls(&mut cluster, &url);

    let folder = Folder::new();
    let trusted = folder.path().join("root.pem");
    let foreign = folder.path().join("foreign.pem");
    fs::write(&trusted, root).unwrap();
    fs::write(&foreign, certificates().0).unwrap();
    let with = |host: &str, parameters: String| format!("{}?{parameters}", url.replace("127.0.0.1", host));
    let from = |file: &Path| format!("sslrootcert={}", file.display());
    block_on(async {
        let refused = ping(&with("127.0.0.1", "sslmode=disable".to_owned())).await.unwrap_err();
        assert!(refused.contains("Unavailable") && refused.contains("pg_hba.conf"), "{refused}");
        for (host, parameters) in [
            ("127.0.0.1", String::new()),
            ("127.0.0.1", "sslmode=prefer".to_owned()),
            ("127.0.0.1", "sslmode=require".to_owned()),
            ("127.0.0.1", format!("sslmode=require&{}", from(&trusted))),
            ("127.0.0.1", format!("sslmode=verify-ca&{}", from(&trusted))),
            ("localhost", format!("sslmode=verify-full&{}", from(&trusted))),
        ] {
            assert_eq!(ping(&with(host, parameters.clone())).await, Ok(()), "{parameters}");
        }
        for (host, parameters, why) in [
            ("127.0.0.1", format!("sslmode=verify-full&{}", from(&trusted)), "not valid for name"),
            ("localhost", format!("sslmode=verify-full&{}", from(&foreign)), "certificate"),
            ("127.0.0.1", format!("sslmode=verify-ca&{}", from(&foreign)), "certificate"),
            ("127.0.0.1", format!("sslmode=require&{}", from(&foreign)), "certificate"),
        ] {
            let refused = ping(&with(host, parameters.clone())).await.unwrap_err();
            assert!(refused.contains(why), "{parameters}: {refused}");
        }
    });
    let migrated = Connector::open(&with("127.0.0.1", "sslmode=require".to_owned()), Settings::default()).unwrap();
    assert!(!migrated.migrate().unwrap().is_empty());
}

#[test]
fn sslmode_require_refuses_a_server_without_tls() {
    let Some(cluster) = docket_persistence::testing::postgres() else { return };
    let url = cluster.fresh_database();
    block_on(async {
        let refused = ping(&format!("{url}?sslmode=require")).await.unwrap_err();
        assert!(refused.contains("does not support TLS"), "{refused}");
        assert_eq!(ping(&format!("{url}?sslmode=prefer")).await, Ok(()));
        assert_eq!(ping(&format!("{url}?sslmode=disable")).await, Ok(()));
    });
}
