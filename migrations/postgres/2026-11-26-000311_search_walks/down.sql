DROP INDEX cases_text;
DROP INDEX cases_long_text;
