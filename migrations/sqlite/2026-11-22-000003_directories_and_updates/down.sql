DROP TABLE update_details;
DROP TABLE case_updates;
DROP TABLE subjects;
DROP TABLE case_tasks;
DROP TABLE access_groups;
DROP TABLE regions;
DROP TABLE clients;
