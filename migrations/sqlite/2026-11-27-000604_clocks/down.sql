DROP INDEX settings_kind;
DROP TABLE clocks;
