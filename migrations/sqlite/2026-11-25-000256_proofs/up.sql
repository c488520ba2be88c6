-- The digest of the row that the event is about, as it is afterwards; the hash covers it. Older events have none.
ALTER TABLE case_events ADD COLUMN proof BLOB;
