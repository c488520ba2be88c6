-- What the logs of an account were at each checkpoint: one append-only chain over the heads of all of them.
CREATE TABLE log_chain (
    account_id bigint NOT NULL,
    -- from 1, without gaps
    position bigint NOT NULL,
    -- 0 for an event of the account, whose id is then the version
    case_id bigint NOT NULL,
    version bigint NOT NULL,
    -- the hash of that event
    head bytea NOT NULL,
    -- over this entry and the hash of the one before
    hash bytea NOT NULL,
    PRIMARY KEY (account_id, position)
);
CREATE UNIQUE INDEX log_chain_case ON log_chain (account_id, case_id, version);
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        CREATE TRIGGER log_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_chain FOR EACH STATEMENT
            EXECUTE FUNCTION refuse_to_change_logs();
    END IF;
END
$$;
