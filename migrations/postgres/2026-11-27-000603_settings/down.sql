DROP INDEX deadlines_ended;
DROP TABLE settings;
