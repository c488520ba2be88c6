DROP TABLE feed_queue;
DROP TABLE feed;
