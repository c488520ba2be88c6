DROP INDEX documents_size;
