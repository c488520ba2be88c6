DROP TABLE deadline_moments;
