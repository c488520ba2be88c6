-- How many bytes the documents of an account have: what it may store is bounded.
CREATE INDEX documents_size ON documents (account_id, size);
