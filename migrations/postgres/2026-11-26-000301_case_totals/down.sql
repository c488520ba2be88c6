DROP TABLE case_totals;
