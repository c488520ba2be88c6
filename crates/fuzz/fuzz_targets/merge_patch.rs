//! Merge patches (RFC 7396): a member is what the patch says, or what it was; the same patch again changes nothing.
#![no_main]

use docket_domain::json::merge_patch;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|data: (&str, &str)| {
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).ok();
    let (Some(target), Some(patch)) = (read(data.0), read(data.1)) else { return };
    let merged = merge_patch(target.clone(), patch.clone());
    for (name, change) in &patch {
        match change {
            Value::Null => assert!(!merged.contains_key(name)),
            Value::Object(_) => assert!(merged.get(name).is_some_and(Value::is_object)),
            other => assert_eq!(merged.get(name), Some(other)),
        }
    }
    for (name, kept) in target.iter().filter(|(name, _)| !patch.contains_key(*name)) {
        assert_eq!(merged.get(name), Some(kept));
    }
    assert_eq!(merge_patch(merged.clone(), patch), merged);
});
