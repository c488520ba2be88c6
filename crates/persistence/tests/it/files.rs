//! The bytes of documents in a folder.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use chrono::{TimeDelta, Utc};
use docket_domain::{
    document::{NewDocument, Sha256Hash},
    error::StoreError,
    id::AccountId,
    service::{add_document, remove_document},
};
use docket_persistence::files::{Bytes, Files, Received, Swept};
use futures_util::TryStreamExt as _;
use uuid::Uuid;

use crate::bed::{Bed, Folder, block_on, named, on_both_databases};

on_both_databases! {
    a_sweep_deletes_bytes_that_no_row_refers_to,
    settle_restores_bytes_that_were_swept_while_their_row_was_written,
}

const ACCOUNT: AccountId = AccountId(7);

async fn receive(files: &Files, account: AccountId, pieces: &[&[u8]]) -> Received {
    let mut upload = files.begin(account, &Uuid::now_v7().to_string()).await.unwrap();
    for piece in pieces {
        upload.write(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    upload.finish().await.unwrap()
}

/// Receives and stores bytes as an upload does, without a row.
async fn keep(files: &Files, account: AccountId, bytes: &[u8]) -> Sha256Hash {
    let received = receive(files, account, &[bytes]).await;
    let hash = received.sha256;
    files.keep(&received).await.unwrap();
    files.settle(received).await.unwrap();
    hash
}

async fn read(files: &Files, account: AccountId, hash: &Sha256Hash, range: std::ops::Range<u64>) -> Vec<u8> {
    let pieces: Vec<Bytes> = files.read(account, hash, range).await.unwrap().try_collect().await.unwrap();
    pieces.concat()
}

/// All files below a folder.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path] }).collect()
}

fn with_folder(test: impl AsyncFnOnce(&Files, &Path)) {
    let folder = Folder::new();
    let files = Files::open(&folder.path().join("documents").display().to_string()).unwrap();
    block_on(test(&files, folder.path()));
}

#[test]
fn bytes_are_read_in_full_and_in_ranges() {
    with_folder(async |files, _| {
        let bytes = (0..1_000_000_u32).map(|at| u8::try_from(at % 251).unwrap()).collect::<Vec<_>>();
        let pieces = bytes.chunks(70_000).collect::<Vec<_>>();
        let received = receive(files, ACCOUNT, &pieces).await;
        assert_eq!(received.size, 1_000_000);
        let hash = received.sha256;
        files.keep(&received).await.unwrap();
        files.settle(received).await.unwrap();
        assert_eq!(read(files, ACCOUNT, &hash, 0..1_000_000).await, bytes);
        assert_eq!(read(files, ACCOUNT, &hash, 131_071..262_145).await, bytes.get(131_071..262_145).unwrap());
        assert_eq!(read(files, ACCOUNT, &hash, 5..5).await, b"");
    });
}

#[test]
fn the_hash_is_the_sha256_of_the_bytes() {
    with_folder(async |files, _| {
        let hash = keep(files, ACCOUNT, b"abc").await;
        assert_eq!(hash.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let nothing = keep(files, ACCOUNT, b"").await;
        assert_eq!(nothing.to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    });
}

#[test]
fn equal_bytes_are_stored_once_per_account() {
    with_folder(async |files, folder| {
        for account in [ACCOUNT, ACCOUNT, AccountId(8)] {
            keep(files, account, b"the same").await;
        }
        assert_eq!(files_in(folder).len(), 2);
        let other = keep(files, AccountId(8), b"theirs").await;
        assert!(matches!(files.read(ACCOUNT, &other, 0..1).await.err(), Some(StoreError::Defect(_))));
        assert!(!files.has(ACCOUNT, &other).await.unwrap());
    });
}

#[test]
fn an_unfinished_upload_leaves_no_file() {
    let folder = Folder::new();
    let files = Files::open(&folder.path().display().to_string()).unwrap();
    // The runtime waits for the cleanup of the dropped upload.
    block_on(async {
        let begin = async |name| {
            let mut upload = files.begin(ACCOUNT, name).await.unwrap();
            upload.write(Bytes::from(vec![1; 1 << 20])).await.unwrap();
            upload
        };
        begin("aborted").await.abort().await.unwrap();
        drop(begin("dropped").await);
        let received = begin("received").await.finish().await.unwrap();
        files.discard(received).await.unwrap();
    });
    assert_eq!(files_in(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn an_unknown_storage_url_is_refused() {
    for url in ["ftp://somewhere", "https://example.org", "s3x://bucket"] {
        assert!(Files::open(url).is_err(), "{url}");
    }
}

fn document(sha256: Sha256Hash) -> NewDocument {
    let (file_name, media_type) = ("a.txt".to_owned(), "text/plain".to_owned());
    NewDocument { title: None, file_name, media_type, size: 1, sha256 }
}

async fn a_sweep_deletes_bytes_that_no_row_refers_to(bed: &Bed) {
    let folder = Folder::new();
    let files = Files::open(&folder.path().display().to_string()).unwrap();
    let case = bed.create(named("swept")).await;
    let referred_to = keep(&files, bed.account, b"referred to").await;
    let new = document(referred_to);
    let document = add_document(&bed.store, &bed.context(), case.id.into(), new).await.unwrap();
    let orphan = keep(&files, bed.account, b"orphan").await;
    let foreign = keep(&files, AccountId(999_999), b"referred to").await;
    let unsettled = receive(&files, bed.account, &[b"cut short"]).await;
    std::fs::write(folder.path().join("README"), "not ours").unwrap();
    std::fs::write(folder.path().join(bed.account.0.to_string()).join("incoming").join("crashed#1"), "half").unwrap();
    let sweep = async |later| files.sweep(&bed.store, Utc::now() + later).await.unwrap();
    assert_eq!(sweep(TimeDelta::minutes(59)).await, Swept::default(), "what is young may still be written");
    assert_eq!(sweep(TimeDelta::minutes(61)).await, Swept { orphans: 2, uploads: 0 });
    assert!(files.has(bed.account, &referred_to).await.unwrap());
    assert!(!files.has(bed.account, &orphan).await.unwrap());
    assert!(!files.has(AccountId(999_999), &foreign).await.unwrap());
    remove_document(&bed.store, &bed.context(), document.id).await.unwrap();
    assert_eq!(sweep(TimeDelta::hours(25)).await, Swept { orphans: 1, uploads: 2 });
    assert_eq!(files_in(folder.path()), [folder.path().join("README")]);
    drop(unsettled);
}

async fn settle_restores_bytes_that_were_swept_while_their_row_was_written(bed: &Bed) {
    let folder = Folder::new();
    let files = Files::open(&folder.path().display().to_string()).unwrap();
    let case = bed.create(named("raced")).await;
    let received = receive(&files, bed.account, &[b"raced"]).await;
    let hash = received.sha256;
    files.keep(&received).await.unwrap();
    files.sweep(&bed.store, Utc::now() + TimeDelta::hours(2)).await.unwrap();
    assert!(!files.has(bed.account, &hash).await.unwrap());
    add_document(&bed.store, &bed.context(), case.id.into(), document(hash)).await.unwrap();
    files.settle(received).await.unwrap();
    assert_eq!(read(&files, bed.account, &hash, 0..5).await, b"raced");
}
