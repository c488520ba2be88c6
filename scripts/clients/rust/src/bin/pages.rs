//! An example of docs/events.md.

include!(concat!(env!("OUT_DIR"), "/example_pages.rs"));
