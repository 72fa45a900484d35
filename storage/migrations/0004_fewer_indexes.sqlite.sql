-- No statement looks members up by it: what is due is settled when its member is touched, and a nightly run that reads all
-- members costs less than a leaf of an index with each scan (docs/adr/0016).
DROP INDEX members_by_next_due_time;
