DROP TABLE deadlines;
DROP TABLE documents;
DROP TABLE notes;
DROP TABLE case_links;
DROP INDEX people_kind;
