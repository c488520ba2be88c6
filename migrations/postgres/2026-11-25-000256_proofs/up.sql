-- The digest of the row that the event is about, as it is afterwards; the hash covers it. Older events have none.
ALTER TABLE case_events ADD COLUMN proof bytea;

-- Logs are only appended to. Citus takes no triggers on distributed tables.
CREATE FUNCTION refuse_to_change_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the table % is only appended to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
DO $$
DECLARE log text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        FOREACH log IN ARRAY ARRAY['case_events', 'account_events', 'source_events'] LOOP
            EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT '
                'EXECUTE FUNCTION refuse_to_change_logs()', log || '_append_only', log);
        END LOOP;
    END IF;
END
$$;
