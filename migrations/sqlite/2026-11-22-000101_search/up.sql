-- Which cases have which three characters in a row in their search_text: what contains a text has all of that text's. Only
-- which ones is kept, not where, as whatever is found is compared with the text itself.
--
-- The text is preceded by the account, as three characters of the private use area, so that an account does not read what
-- others have.
CREATE VIRTUAL TABLE case_search USING fts5 (
    text,
    content = '',
    contentless_delete = 1,
    detail = none,
    tokenize = 'trigram case_sensitive 1'
);
INSERT INTO case_search (rowid, text)
SELECT
    id,
    char(57344 + account_id % 6400, 57344 + account_id / 6400 % 6400, 57344 + account_id / 40960000 % 6400) || search_text
FROM cases;

-- Cases whose text the index does not have yet, or no longer. They are indexed many at a time, which costs a tenth of
-- indexing each in its own write; until then every search looks at them all.
CREATE TABLE case_search_pending (
    account_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    PRIMARY KEY (account_id, case_id)
) WITHOUT ROWID;

CREATE TRIGGER case_search_new AFTER INSERT ON cases BEGIN
    INSERT OR IGNORE INTO case_search_pending VALUES (NEW.account_id, NEW.id);
END;
CREATE TRIGGER case_search_changed AFTER UPDATE OF search_text ON cases WHEN NEW.search_text <> OLD.search_text BEGIN
    INSERT OR IGNORE INTO case_search_pending VALUES (NEW.account_id, NEW.id);
END;
