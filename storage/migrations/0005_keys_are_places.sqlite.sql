-- The key of a row that is one number is the row's place in its tree. Declared BIGINT it had a second tree, from keys to
-- places: another page read for each row that is looked up, another one written for each that comes (docs/adr/0017).
-- SOCI reads a column declared INTEGER as 32 bits where it asks for the declared type; we never let it. Each table is a
-- step, so that nobody can write into what is about to go.

-- BEGIN
CREATE TABLE members_0005 (
  id INTEGER NOT NULL PRIMARY KEY,
  public_id BIGINT NOT NULL,
  state BIGINT NOT NULL,
  anonymous BIGINT NOT NULL,
  language VARCHAR(16) NOT NULL,
  acquisition_channel VARCHAR(64) NOT NULL,
  acquisition_campaign VARCHAR(64) NOT NULL,
  acquisition_partner VARCHAR(64) NOT NULL,
  acquisition_referral VARCHAR(64) NOT NULL,
  acquisition_touchpoint VARCHAR(64) NOT NULL,
  store_id BIGINT NULL,
  merged_into BIGINT NULL,
  create_time BIGINT NOT NULL,
  available BIGINT NOT NULL,
  pending BIGINT NOT NULL,
  held BIGINT NOT NULL,
  debt BIGINT NOT NULL,
  next_due_time BIGINT NOT NULL,
  member_seq BIGINT NOT NULL,
  version BIGINT NOT NULL,
  chain_head VARCHAR(32) NOT NULL
);
INSERT INTO members_0005 (
  id, public_id, state, anonymous, language, acquisition_channel, acquisition_campaign, acquisition_partner,
  acquisition_referral, acquisition_touchpoint, store_id, merged_into, create_time, available, pending, held, debt,
  next_due_time, member_seq, version, chain_head)
SELECT
  id, public_id, state, anonymous, language, acquisition_channel, acquisition_campaign, acquisition_partner,
  acquisition_referral, acquisition_touchpoint, store_id, merged_into, create_time, available, pending, held, debt,
  next_due_time, member_seq, version, chain_head
FROM members ORDER BY id;
DROP TABLE members;
ALTER TABLE members_0005 RENAME TO members;
CREATE UNIQUE INDEX members_by_public_id ON members (public_id);
-- COMMIT

-- BEGIN
CREATE TABLE member_personal_0005 (
  member_id INTEGER NOT NULL PRIMARY KEY,
  given_name VARCHAR(100) NOT NULL,
  family_name VARCHAR(100) NOT NULL,
  greeting_name VARCHAR(100) NOT NULL,
  birth_date VARCHAR(10) NOT NULL,
  search_name VARCHAR(200) NOT NULL,
  update_time BIGINT NOT NULL
);
INSERT INTO member_personal_0005 (
  member_id, given_name, family_name, greeting_name, birth_date, search_name, update_time)
SELECT
  member_id, given_name, family_name, greeting_name, birth_date, search_name, update_time
FROM member_personal ORDER BY member_id;
DROP TABLE member_personal;
ALTER TABLE member_personal_0005 RENAME TO member_personal;
-- COMMIT

-- BEGIN
CREATE TABLE receipts_0005 (
  id INTEGER NOT NULL PRIMARY KEY,
  natural_key VARCHAR(160) NOT NULL,
  fiscal_key VARCHAR(232) NULL,
  member_id BIGINT NULL,
  terminal_id BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  business_date BIGINT NOT NULL,
  receipt_no VARCHAR(64) NOT NULL,
  kind BIGINT NOT NULL,
  state BIGINT NOT NULL,
  currency VARCHAR(3) NOT NULL,
  total BIGINT NOT NULL,
  business_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  utc_offset BIGINT NOT NULL,
  operator VARCHAR(64) NOT NULL,
  request_id VARCHAR(64) NOT NULL,
  content_hash VARCHAR(32) NOT NULL,
  original_receipt_id BIGINT NULL,
  payments VARCHAR(1000000) NULL,
  fiscal VARCHAR(1000000) NULL,
  evaluation VARCHAR(1000000) NULL
);
INSERT INTO receipts_0005 (
  id, natural_key, fiscal_key, member_id, terminal_id, epoch, business_date, receipt_no, kind, state, currency, total,
  business_time, record_time, utc_offset, operator, request_id, content_hash, original_receipt_id, payments, fiscal,
  evaluation)
SELECT
  id, natural_key, fiscal_key, member_id, terminal_id, epoch, business_date, receipt_no, kind, state, currency, total,
  business_time, record_time, utc_offset, operator, request_id, content_hash, original_receipt_id, payments, fiscal,
  evaluation
FROM receipts ORDER BY id;
DROP TABLE receipts;
ALTER TABLE receipts_0005 RENAME TO receipts;
CREATE UNIQUE INDEX receipts_by_natural_key ON receipts (natural_key);
CREATE UNIQUE INDEX receipts_by_fiscal_key ON receipts (fiscal_key);
CREATE INDEX receipts_by_member_id_business_date ON receipts (member_id, business_date);
-- COMMIT

-- BEGIN
CREATE TABLE redemptions_0005 (
  id INTEGER NOT NULL PRIMARY KEY,
  member_id BIGINT NOT NULL,
  entry_seq BIGINT NOT NULL,
  state BIGINT NOT NULL,
  points BIGINT NOT NULL,
  value BIGINT NOT NULL,
  reward VARCHAR(40) NULL,
  terminal_id BIGINT NULL,
  request_id VARCHAR(64) NOT NULL,
  cancel_request_id VARCHAR(64) NULL,
  cancel_reason VARCHAR(64) NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL
);
INSERT INTO redemptions_0005 (
  id, member_id, entry_seq, state, points, value, reward, terminal_id, request_id, cancel_request_id, cancel_reason,
  create_time, version)
SELECT
  id, member_id, entry_seq, state, points, value, reward, terminal_id, request_id, cancel_request_id, cancel_reason,
  create_time, version
FROM redemptions ORDER BY id;
DROP TABLE redemptions;
ALTER TABLE redemptions_0005 RENAME TO redemptions;
CREATE INDEX redemptions_by_member_id ON redemptions (member_id);
-- COMMIT

-- BEGIN
CREATE TABLE member_statistics_0005 (
  member_id INTEGER NOT NULL PRIMARY KEY,
  first_day BIGINT NOT NULL,
  last_day BIGINT NOT NULL,
  days BIGINT NOT NULL,
  receipts BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  first_day_amount BIGINT NOT NULL,
  last_day_amount BIGINT NOT NULL,
  sum_gap_squared BIGINT NOT NULL,
  sum_ln_gap BIGINT NOT NULL,
  unlinked_returns BIGINT NOT NULL,
  enrolled_day BIGINT NOT NULL,
  q1_amount BIGINT NOT NULL DEFAULT 0,
  q2_amount BIGINT NOT NULL DEFAULT 0,
  q3_amount BIGINT NOT NULL DEFAULT 0,
  q4_amount BIGINT NOT NULL DEFAULT 0,
  quarter_years BIGINT NOT NULL DEFAULT 0,
  stage BIGINT NOT NULL DEFAULT 0,
  segment BIGINT NOT NULL DEFAULT 0,
  lost_stage BIGINT NOT NULL DEFAULT 0,
  rule BIGINT NOT NULL DEFAULT 0,
  since_day BIGINT NOT NULL DEFAULT 0,
  due_day BIGINT NOT NULL DEFAULT 0,
  retained BIGINT NOT NULL DEFAULT 0,
  transitions BIGINT NOT NULL DEFAULT 0
);
INSERT INTO member_statistics_0005 (
  member_id, first_day, last_day, days, receipts, amount, discount, first_day_amount, last_day_amount,
  sum_gap_squared, sum_ln_gap, unlinked_returns, enrolled_day, q1_amount, q2_amount, q3_amount, q4_amount,
  quarter_years, stage, segment, lost_stage, rule, since_day, due_day, retained, transitions)
SELECT
  member_id, first_day, last_day, days, receipts, amount, discount, first_day_amount, last_day_amount,
  sum_gap_squared, sum_ln_gap, unlinked_returns, enrolled_day, q1_amount, q2_amount, q3_amount, q4_amount,
  quarter_years, stage, segment, lost_stage, rule, since_day, due_day, retained, transitions
FROM member_statistics ORDER BY member_id;
DROP TABLE member_statistics;
ALTER TABLE member_statistics_0005 RENAME TO member_statistics;
CREATE INDEX member_statistics_by_due_day ON member_statistics (due_day);
-- COMMIT
