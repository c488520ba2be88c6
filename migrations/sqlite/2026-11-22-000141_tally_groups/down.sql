DROP INDEX case_tallies_groups;
