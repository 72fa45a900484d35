-- InnoDB keeps rows by their keys already; SQLite's tables are made anew.
DO 0;
