DROP TRIGGER case_search_changed;
DROP TRIGGER case_search_new;
DROP TABLE case_search_pending;
DROP TABLE case_search;
