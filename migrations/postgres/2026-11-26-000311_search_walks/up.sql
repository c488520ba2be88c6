-- The searched texts in the order of lists. A search reads the newest ones from this index alone, before it uses the
-- trigrams. An entry of a B-tree has at most 2,704 bytes, so the few longer texts have a separate index.
CREATE INDEX cases_text ON cases (account_id, created_at, id) INCLUDE (search_text)
    WHERE deleted_at IS NULL AND octet_length(search_text) <= 2000;
CREATE INDEX cases_long_text ON cases (account_id, created_at, id)
    WHERE deleted_at IS NULL AND octet_length(search_text) > 2000;
