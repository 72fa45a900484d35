-- The schema. One statement at a time, ended by a semicolon at the end of a line. BIGINT for ids, points, money
-- (minor units) and times (microseconds since 1970 UTC); business days are days since 1970. Seals are 16 bytes of
-- keyed hash behind the encoding's version and the key's id. docs/ARCHITECTURE.md says what is sealed and how it is
-- checked.

-- One row: what never changes, and the generation that servers watch to reload their snapshot. country: ISO 3166,
-- empty when not known. key_check tells whether the secret in the state directory is the one of this database.
CREATE TABLE program (
  id BIGINT NOT NULL,
  currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  language VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  country VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  key_id BIGINT NOT NULL,
  key_check VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  generation BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;

-- Immutable versions of the catalogue; content is the canonical proto JSON. created_by: a principal.
CREATE TABLE catalogue_versions (
  version BIGINT NOT NULL,
  effective_time BIGINT NOT NULL,
  content MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  create_time BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (version)
) ENGINE=InnoDB;

CREATE TABLE stores (
  id BIGINT NOT NULL,
  name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  display_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day_cut_minutes BIGINT NOT NULL,
  language VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  country VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state SMALLINT NOT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX stores_by_name ON stores (name);

-- epoch is part of the number of receipts.
CREATE TABLE terminals (
  id BIGINT NOT NULL,
  store_id BIGINT NOT NULL,
  name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  display_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  epoch BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX terminals_by_store_id_name ON terminals (store_id, name);

-- Who may ask; keys come and go, a principal stays. kind: 1 ADMIN, 2 TERMINAL. audit_seq and audit_head: its last row
-- of audit.
CREATE TABLE principals (
  id BIGINT NOT NULL,
  kind SMALLINT NOT NULL,
  name VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  store_id BIGINT NULL,
  terminal_id BIGINT NULL,
  audit_seq BIGINT NOT NULL,
  audit_head VARBINARY(32) NOT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE INDEX principals_by_terminal_id ON principals (terminal_id);

-- Bearer keys, hashed.
CREATE TABLE access_keys (
  id BIGINT NOT NULL,
  principal_id BIGINT NOT NULL,
  hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expire_time BIGINT NOT NULL,
  revoked_time BIGINT NULL,
  create_time BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX access_keys_by_hash ON access_keys (hash);
CREATE INDEX access_keys_by_principal_id ON access_keys (principal_id);

-- What administrators changed: names of fields, never values of people. Each row seals the one before of its
-- principal.
CREATE TABLE audit (
  principal_id BIGINT NOT NULL,
  audit_seq BIGINT NOT NULL,
  command_id BIGINT NOT NULL,
  action VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  resource VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  detail MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  create_time BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (principal_id, audit_seq)
) ENGINE=InnoDB;

-- Ids are handed out in blocks; each block is committed before its first id is used.
CREATE TABLE id_blocks (
  name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  next_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB;

-- A block of ids [first_id, end_id), and the seal over the receipts and commands in it: a keyed hash over the hash
-- before, table, id and seal of each in the order of their ids. Blocks follow each other without a hole.
CREATE TABLE seals (
  first_id BIGINT NOT NULL,
  end_id BIGINT NOT NULL,
  sealed_rows BIGINT NOT NULL,
  last_id BIGINT NOT NULL,
  head VARBINARY(32) NOT NULL,
  closed SMALLINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (first_id)
) ENGINE=InnoDB;

-- Who runs a background job; version fences off an old holder.
CREATE TABLE leases (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expire_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB;

-- state: 1 QUEUED, 2 RUNNING, 3 CANCELLING, 4 SUCCEEDED, 5 FAILED, 6 CANCELLED.
CREATE TABLE jobs (
  id BIGINT NOT NULL,
  kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state SMALLINT NOT NULL,
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  payload MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  result MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE INDEX jobs_by_state ON jobs (state);

-- The hot row of a member. Balances, statistics and standing are caches: of the entries and of the moves. state: 1
-- ACTIVE, 2 BLOCKED, 3 MERGED, 4 ERASED. birthday: month * 32 + day, 0 not known. record_time: of the last entry.
-- recent_days: the newest 16 purchase days, packed; older ones lie in member_day. q1_amount to q4_amount: spent in a
-- quarter of the year; quarter_years: in how many years, 16 bits for each quarter. due_day: the standing does not
-- change before it.
CREATE TABLE members (
  id BIGINT NOT NULL,
  public_id BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  anonymous SMALLINT NOT NULL,
  language VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  greeting VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  birthday BIGINT NOT NULL,
  store_id BIGINT NULL,
  merged_into BIGINT NULL,
  create_time BIGINT NOT NULL,
  available BIGINT NOT NULL,
  pending BIGINT NOT NULL,
  held BIGINT NOT NULL,
  debt BIGINT NOT NULL,
  next_due_time BIGINT NOT NULL,
  member_seq BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  chain_head VARBINARY(32) NOT NULL,
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
  q1_amount BIGINT NOT NULL,
  q2_amount BIGINT NOT NULL,
  q3_amount BIGINT NOT NULL,
  q4_amount BIGINT NOT NULL,
  quarter_years BIGINT NOT NULL,
  unlinked_returns BIGINT NOT NULL,
  recent_days VARBINARY(700) NOT NULL,
  stage SMALLINT NOT NULL,
  segment SMALLINT NOT NULL,
  lost_stage SMALLINT NOT NULL,
  rule SMALLINT NOT NULL,
  since_day BIGINT NOT NULL,
  retained SMALLINT NOT NULL,
  transitions BIGINT NOT NULL,
  due_day BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX members_by_public_id ON members (public_id);
CREATE INDEX members_by_due_day ON members (due_day);

-- The cold part of an enrolled member. person: names and date of birth, sealed with the member's key; names are found
-- by keyed hashes of the folded family name and of its first three letters.
CREATE TABLE member_profile (
  member_id BIGINT NOT NULL,
  acquisition_channel VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  acquisition_campaign VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  acquisition_partner VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  acquisition_referral VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  acquisition_touchpoint VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  person VARBINARY(1000) NULL,
  family_hash VARBINARY(32) NULL,
  family_prefix_hash VARBINARY(32) NULL,
  update_time BIGINT NOT NULL,
  PRIMARY KEY (member_id)
) ENGINE=InnoDB;

-- The key under which what is a person's is sealed. Whoever erases it has erased that, also in copies of the
-- database. A backup keeps this table in a file of its own.
CREATE TABLE member_keys (
  member_id BIGINT NOT NULL,
  secret VARBINARY(32) NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (member_id)
) ENGINE=InnoDB;

-- purpose x channel x text version x proof x time; the newest row of a purpose and channel counts.
CREATE TABLE consents (
  member_id BIGINT NOT NULL,
  consent_seq BIGINT NOT NULL,
  purpose VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  granted SMALLINT NOT NULL,
  text_version VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  proof VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (member_id, consent_seq)
) ENGINE=InnoDB;

-- code: the kind and what a company prints (card:4711), or the kind and a keyed hash of the text (phone, email,
-- token), which is sealed beside it. state: 1 ACTIVE, 2 BLOCKED, 3 ERASED: then it is nobody's, and stays so.
-- first_member_id: whose it was before a merge. Keys of free text are VARBINARY: utf8mb4_bin would ignore blanks at
-- the end.
CREATE TABLE identifiers (
  code VARBINARY(200) NOT NULL,
  kind SMALLINT NOT NULL,
  member_id BIGINT NULL,
  first_member_id BIGINT NULL,
  state SMALLINT NOT NULL,
  normaliser BIGINT NOT NULL,
  sealed_text VARBINARY(400) NULL,
  replaced_by VARBINARY(200) NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (code)
) ENGINE=InnoDB;
CREATE INDEX identifiers_by_member_id ON identifiers (member_id);

CREATE TABLE card_ranges (
  id BIGINT NOT NULL,
  first_number VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_number VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  check_digit SMALLINT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;

-- A receipt, kept for ever with its answer. Numbered by terminal, epoch, business date, kind and number; a fiscal key
-- is a second number. member_id and entries come later where a card is attached later; entry_seq and entry_count: the
-- entries it wrote. till_time: of a till whose clock was not believed. state: 1 RECORDED, 2 VOIDED. request_id: of
-- the principal that sent it first; a UUID as its 16 bytes. payments, fiscal, evaluation: JSON.
CREATE TABLE receipts (
  id BIGINT NOT NULL,
  terminal_id BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  business_date BIGINT NOT NULL,
  kind SMALLINT NOT NULL,
  receipt_no VARBINARY(64) NOT NULL,
  fiscal_key VARBINARY(256) NULL,
  member_id BIGINT NULL,
  entry_seq BIGINT NULL,
  entry_count BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  version BIGINT NOT NULL,
  currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total BIGINT NOT NULL,
  business_time BIGINT NOT NULL,
  till_time BIGINT NULL,
  record_time BIGINT NOT NULL,
  utc_offset BIGINT NOT NULL,
  operator VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  approver VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  principal_id BIGINT NOT NULL,
  request_id VARBINARY(65) NOT NULL,
  content_hash VARBINARY(16) NOT NULL,
  payload_hash VARBINARY(16) NOT NULL,
  payments MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  fiscal MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  evaluation MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  result MEDIUMBLOB NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX receipts_by_number ON receipts (terminal_id, epoch, business_date, kind, receipt_no);
CREATE UNIQUE INDEX receipts_by_fiscal_key ON receipts (fiscal_key);

-- quantity in millionths of unit, unit_price in micros of the currency, tax_rate in millionths. flags: 1 no earning,
-- 2 no discount, 4 no redemption, 8 private. return_type and original: of a line that comes back. money_off: its
-- share of discounts and points.
CREATE TABLE receipt_lines (
  receipt_id BIGINT NOT NULL,
  line_no BIGINT NOT NULL,
  line_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  kind SMALLINT NOT NULL,
  sku VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  description VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  categories VARCHAR(1200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  quantity BIGINT NOT NULL,
  unit VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  unit_price BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  tax_rate BIGINT NOT NULL,
  tax_mode SMALLINT NOT NULL,
  tax_amount BIGINT NOT NULL,
  flags BIGINT NOT NULL,
  returned_quantity BIGINT NOT NULL,
  returned_amount BIGINT NOT NULL,
  return_type SMALLINT NULL,
  original_receipt_id BIGINT NULL,
  original_line_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  money_off BIGINT NOT NULL,
  PRIMARY KEY (receipt_id, line_no)
) ENGINE=InnoDB;

-- What a receipt caused that is not the base rule's. wanted: what the rule would have given; amount: what it gave.
-- target: a code, a budget, a card. entry_seq: the entry that books it.
CREATE TABLE effects (
  receipt_id BIGINT NOT NULL,
  effect_seq BIGINT NOT NULL,
  line_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  kind BIGINT NOT NULL,
  rule VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  rule_version BIGINT NOT NULL,
  wanted BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  target VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  entry_seq BIGINT NULL,
  state SMALLINT NOT NULL,
  PRIMARY KEY (receipt_id, effect_seq)
) ENGINE=InnoDB;

-- The ledger: append-only, order is (member_id, seq). Lot terms stand with the entry that makes or activates a lot;
-- the facts of a sale with the first entry of its receipt. Neither receipt nor command: time has made it due. mac:
-- chains it to the entry before.
CREATE TABLE entries (
  member_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  type SMALLINT NOT NULL,
  available_delta BIGINT NOT NULL,
  pending_delta BIGINT NOT NULL,
  held_delta BIGINT NOT NULL,
  debt_delta BIGINT NOT NULL,
  lot_seq BIGINT NULL,
  activate_time BIGINT NULL,
  expire_time BIGINT NULL,
  restored_from BIGINT NULL,
  receipt_id BIGINT NULL,
  command_id BIGINT NULL,
  reversal_of BIGINT NULL,
  group_id BIGINT NULL,
  business_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  catalogue_version BIGINT NOT NULL,
  sale_day BIGINT NULL,
  sale_amount BIGINT NULL,
  sale_discount BIGINT NULL,
  mac VARBINARY(32) NOT NULL,
  PRIMARY KEY (member_id, seq)
) ENGINE=InnoDB;

-- Lots whose points can be spent, or are held; the key is the order in which they burn. A lot is named by the seq of
-- the entry that made it; what is used up or has expired goes away.
CREATE TABLE open_lots (
  member_id BIGINT NOT NULL,
  expire_time BIGINT NOT NULL,
  activate_time BIGINT NOT NULL,
  lot_seq BIGINT NOT NULL,
  remaining BIGINT NOT NULL,
  held BIGINT NOT NULL,
  PRIMARY KEY (member_id, expire_time, activate_time, lot_seq)
) ENGINE=InnoDB;

-- Lots that wait for their activation.
CREATE TABLE pending_lots (
  member_id BIGINT NOT NULL,
  activate_time BIGINT NOT NULL,
  lot_seq BIGINT NOT NULL,
  expire_time BIGINT NOT NULL,
  remaining BIGINT NOT NULL,
  PRIMARY KEY (member_id, activate_time, lot_seq)
) ENGINE=InnoDB;

-- Points that an entry took from a lot, with the terms of the lot. kind: 1 BURN, 2 RESTORE, 3 SETTLE, 4 CLAWBACK, 5
-- HOLD.
CREATE TABLE allocations (
  member_id BIGINT NOT NULL,
  entry_seq BIGINT NOT NULL,
  lot_seq BIGINT NOT NULL,
  kind SMALLINT NOT NULL,
  points BIGINT NOT NULL,
  activate_time BIGINT NOT NULL,
  expire_time BIGINT NOT NULL,
  PRIMARY KEY (member_id, entry_seq, lot_seq)
) ENGINE=InnoDB;

-- state: 1 REDEEMED, 2 CANCELLED. command_id: that made it; receipt_id: that used it.
CREATE TABLE redemptions (
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  entry_seq BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  points BIGINT NOT NULL,
  value BIGINT NOT NULL,
  reward VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  terminal_id BIGINT NULL,
  command_id BIGINT NOT NULL,
  cancel_command_id BIGINT NULL,
  cancel_reason VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  receipt_id BIGINT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE INDEX redemptions_by_member_id ON redemptions (member_id);

-- The money of a redemption on each line.
CREATE TABLE redemption_shares (
  redemption_id BIGINT NOT NULL,
  share_no BIGINT NOT NULL,
  line_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  tax_rate BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (redemption_id, share_no)
) ENGINE=InnoDB;

-- A request that took effect and is no receipt, kept for ever with its answer. kind: 1 REDEEM, 2 CANCEL_REDEMPTION,
-- 3 ENROLL_MEMBER, 4 LINK_IDENTIFIER, 5 VISIT, 6 ADMIN.
CREATE TABLE commands (
  id BIGINT NOT NULL,
  kind SMALLINT NOT NULL,
  member_id BIGINT NULL,
  entry_seq BIGINT NULL,
  entry_count BIGINT NOT NULL,
  principal_id BIGINT NOT NULL,
  operator VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  approver VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  store_id BIGINT NULL,
  terminal_id BIGINT NULL,
  request_id VARBINARY(65) NOT NULL,
  payload_hash VARBINARY(16) NOT NULL,
  result MEDIUMBLOB NOT NULL,
  create_time BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;

-- From the id of a request, unique for its principal, to the receipt or command that it became. day: for the purge.
CREATE TABLE requests (
  request_id VARBINARY(65) NOT NULL,
  principal_id BIGINT NOT NULL,
  receipt_id BIGINT NULL,
  command_id BIGINT NULL,
  payload_hash VARBINARY(16) NOT NULL,
  day BIGINT NOT NULL,
  PRIMARY KEY (request_id, principal_id)
) ENGINE=InnoDB;

-- A scan without a receipt: one per member, store and business day.
CREATE TABLE visits (
  member_id BIGINT NOT NULL,
  store_id BIGINT NOT NULL,
  business_date BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (member_id, store_id, business_date)
) ENGINE=InnoDB;

-- Purchase days that are older than those in the member's row.
CREATE TABLE member_day (
  member_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  receipts BIGINT NOT NULL,
  PRIMARY KEY (member_id, day)
) ENGINE=InnoDB;

-- Each move of a member. cause: 1 receipt, 2 timer, 3 refit, 4 manual, 5 merge. run_id: the run of retention_runs
-- that measured. position: 0 until the relay numbers it, without a gap and in the order of commits.
CREATE TABLE lifecycle_transitions (
  member_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  from_stage SMALLINT NOT NULL,
  from_segment SMALLINT NOT NULL,
  from_lost_stage SMALLINT NOT NULL,
  to_stage SMALLINT NOT NULL,
  to_segment SMALLINT NOT NULL,
  to_lost_stage SMALLINT NOT NULL,
  day BIGINT NOT NULL,
  cause SMALLINT NOT NULL,
  rule SMALLINT NOT NULL,
  receipt_id BIGINT NULL,
  run_id BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  position BIGINT NOT NULL,
  seal VARBINARY(32) NOT NULL,
  PRIMARY KEY (member_id, seq)
) ENGINE=InnoDB;
CREATE INDEX lifecycle_transitions_by_day ON lifecycle_transitions (day);
CREATE INDEX lifecycle_transitions_by_position ON lifecycle_transitions (position);

-- What a run of the retention module found: written once, never changed. content is proto JSON of the result.
CREATE TABLE retention_runs (
  id BIGINT NOT NULL,
  kind SMALLINT NOT NULL,
  model_kind BIGINT NOT NULL,
  content MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  create_time BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
