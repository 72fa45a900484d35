-- Customers of one season, and where a member stands. q1_amount to q4_amount: spent in a quarter of the year;
-- quarter_years: in how many years, 16 bits for each quarter. due_day: the standing does not change before it.
ALTER TABLE member_statistics ADD COLUMN q1_amount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN q2_amount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN q3_amount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN q4_amount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN quarter_years BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN stage BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN segment BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN lost_stage BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN rule BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN since_day BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN due_day BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN retained BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member_statistics ADD COLUMN transitions BIGINT NOT NULL DEFAULT 0;
UPDATE member_statistics SET
  q1_amount = (SELECT COALESCE(SUM(CASE WHEN QUARTER(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) = 1 THEN d.amount ELSE 0 END), 0) FROM member_day d WHERE d.member_id = member_statistics.member_id AND d.receipts > 0),
  q2_amount = (SELECT COALESCE(SUM(CASE WHEN QUARTER(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) = 2 THEN d.amount ELSE 0 END), 0) FROM member_day d WHERE d.member_id = member_statistics.member_id AND d.receipts > 0),
  q3_amount = (SELECT COALESCE(SUM(CASE WHEN QUARTER(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) = 3 THEN d.amount ELSE 0 END), 0) FROM member_day d WHERE d.member_id = member_statistics.member_id AND d.receipts > 0),
  q4_amount = (SELECT COALESCE(SUM(CASE WHEN QUARTER(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) = 4 THEN d.amount ELSE 0 END), 0) FROM member_day d WHERE d.member_id = member_statistics.member_id AND d.receipts > 0),
  quarter_years = (SELECT 1 * COUNT(DISTINCT CASE WHEN QUARTER(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) = 1 THEN YEAR(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) END) + 65536 * COUNT(DISTINCT CASE WHEN QUARTER(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) = 2 THEN YEAR(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) END) + 4294967296 * COUNT(DISTINCT CASE WHEN QUARTER(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) = 3 THEN YEAR(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) END) + 281474976710656 * COUNT(DISTINCT CASE WHEN QUARTER(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) = 4 THEN YEAR(DATE_ADD('1970-01-01', INTERVAL d.day DAY)) END) FROM member_day d WHERE d.member_id = member_statistics.member_id AND d.receipts > 0);
CREATE INDEX member_statistics_by_due_day ON member_statistics (due_day);

-- Each move of a member, in order by (member_id, seq). cause: 1 receipt, 2 timer, 3 refit, 4 manual, 5 merge. run_id: the
-- run of retention_runs that measured. position: 0 until the relay numbers it, without a gap and in the order of commits.
CREATE TABLE lifecycle_transitions (
  member_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  from_stage BIGINT NOT NULL,
  from_segment BIGINT NOT NULL,
  from_lost_stage BIGINT NOT NULL,
  to_stage BIGINT NOT NULL,
  to_segment BIGINT NOT NULL,
  to_lost_stage BIGINT NOT NULL,
  day BIGINT NOT NULL,
  cause BIGINT NOT NULL,
  rule BIGINT NOT NULL,
  receipt_id BIGINT NULL,
  run_id BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (member_id, seq)
) ENGINE=InnoDB;
CREATE INDEX lifecycle_transitions_by_day ON lifecycle_transitions (day);
CREATE INDEX lifecycle_transitions_by_position ON lifecycle_transitions (position);
