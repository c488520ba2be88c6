DROP TABLE histogram_changes;
DROP TABLE histograms;
