-- What SQLite takes the tables to hold. Without, it believes that a condition on the account alone leaves ten rows, and walks all
-- cases of an account where an index finds the few that are wanted. Fixed, so that plans are the same everywhere: each line has
-- the rows of the index, then how many share its first column, its first two, and so on, in an account with a million cases.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1 WHERE tbl IN ('cases', 'case_tags', 'former_case_numbers');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('cases', 'cases_uuid', '1000000 1000000 1'),
    ('cases', 'cases_series', '1000000 1000000 2 1'),
    ('cases', 'cases_case_number', '1000000 1000000 1'),
    ('cases', 'cases_created', '1000000 1000000 2 1'),
    ('cases', 'cases_updated', '1000000 1000000 2 1'),
    ('cases', 'cases_due', '1000000 1000000 500 1'),
    ('cases', 'cases_opened', '1000000 1000000 300 2 1'),
    ('cases', 'cases_name', '1000000 1000000 5 1'),
    ('cases', 'cases_phase', '1000000 1000000 400000 2 1'),
    ('cases', 'cases_status', '1000000 1000000 150000 2 1'),
    ('cases', 'cases_priority', '1000000 1000000 250000 2 1'),
    ('cases', 'cases_requests', '10000 10000 2 1'),
    ('cases', 'cases_case_type', '1000000 1000000 50000 2 1'),
    ('cases', 'cases_parent_id', '1000000 1000000 2 2 1'),
    ('cases', 'cases_customer_id', '1000000 1000000 100 2 1'),
    ('cases', 'cases_contractor_id', '1000000 1000000 1000 2 1'),
    ('cases', 'cases_client_id', '1000000 1000000 1000 2 1'),
    ('cases', 'cases_location_id', '1000000 1000000 1000 2 1'),
    ('cases', 'cases_region_id', '1000000 1000000 50000 2 1'),
    ('cases', 'cases_inquiry_id', '1000000 1000000 2 2 1'),
    ('cases', 'cases_order_id', '1000000 1000000 2 2 1'),
    ('cases', 'cases_primary_contact_id', '1000000 1000000 500 2 1'),
    ('cases', 'cases_primary_investigator_id', '1000000 1000000 500 2 1'),
    ('cases', 'cases_primary_manager_id', '1000000 1000000 500 2 1'),
    ('cases', 'cases_primary_salesperson_id', '1000000 1000000 500 2 1'),
    ('cases', 'cases_primary_subject_id', '1000000 1000000 500 2 1'),
    ('cases', 'cases_reference_1', '1000000 1000000 2 2 1'),
    ('cases', 'cases_reference_2', '1000000 1000000 2 2 1'),
    ('cases', 'cases_reference_3', '1000000 1000000 2 2 1'),
    ('cases', 'cases_closed', '1000000 1000000 2'),
    ('cases', 'cases_resolution', '1000000 1000000 5'),
    ('cases', 'sqlite_autoindex_cases_1', '1000000 1000000 1'),
    ('case_tags', 'case_tags', '1000000 1000000 1000 1'),
    ('case_tags', 'case_tags_case', '1000000 1000000 3 1'),
    ('former_case_numbers', 'former_case_numbers', '100000 100000 1 1'),
    ('former_case_numbers', 'former_case_numbers_case', '100000 100000 1 1');
-- Read by every connection that is opened from now on.
ANALYZE sqlite_schema;
