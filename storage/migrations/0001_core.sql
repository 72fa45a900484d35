-- The schema. One statement at a time, ended by a semicolon at the end of a line. Types are those of storage/dialect.h,
-- which writes them as each engine wants them. BIGINT for ids, points, money (minor units) and times (microseconds since
-- 1970 UTC); business days are days since 1970. Seals and hashes of content are 16 bytes of keyed hash behind the
-- encoding's version and the key's id. docs/ARCHITECTURE.md says what is sealed and how it is checked.

-- One row: what never changes, and the generation that servers watch to reload their snapshot. country: ISO 3166,
-- empty when not known.
CREATE TABLE program (
  id ID,
  currency ASCII(3) NOT NULL,
  time_zone ASCII(64) NOT NULL,
  language ASCII(16) NOT NULL,
  country ASCII(2) NOT NULL,
  generation BIGINT NOT NULL,
  create_time BIGINT NOT NULL
);

-- The secrets that rows were made with, by the id that stands in what they made. The secret itself is in the state
-- directory; key_check tells whether it is the right one.
CREATE TABLE secrets (
  id ID,
  key_check ASCII(64) NOT NULL,
  create_time BIGINT NOT NULL
);

-- Immutable versions of the catalogue; content is the canonical proto JSON. created_by: a principal.
CREATE TABLE catalogue_versions (
  version ID,
  effective_time BIGINT NOT NULL,
  content UTF8_LONG NOT NULL,
  create_time BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  seal BYTES(32) NOT NULL
);

-- operators_required: its tills redeem, cancel and enrol only while an operator is signed on.
CREATE TABLE stores (
  id ID,
  name ASCII(40) NOT NULL,
  display_name UTF8(100) NOT NULL,
  time_zone ASCII(64) NOT NULL,
  day_cut_minutes BIGINT NOT NULL,
  language ASCII(16) NOT NULL,
  country ASCII(2) NOT NULL,
  operators_required SMALL NOT NULL,
  state SMALL NOT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal BYTES(32) NOT NULL
);
CREATE UNIQUE INDEX stores_by_name ON stores (name);

-- epoch: the newest, part of the number of receipts (terminal_epochs).
CREATE TABLE terminals (
  id ID,
  store_id BIGINT NOT NULL,
  name ASCII(40) NOT NULL,
  display_name UTF8(100) NOT NULL,
  epoch BIGINT NOT NULL,
  state SMALL NOT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal BYTES(32) NOT NULL
);
CREATE UNIQUE INDEX terminals_by_store_id_name ON terminals (store_id, name);

-- When the numbering of a terminal began again: its receipts from start_time on are of this epoch, those of before of
-- the one before. create_time: when the program was told.
CREATE TABLE terminal_epochs (
  terminal_id BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  start_time BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  seal BYTES(32) NOT NULL,
  PRIMARY KEY (terminal_id, epoch)
);

-- Who may ask: `keys/{key}`, or a terminal by its name; keys come and go, a principal stays. role: a number of
-- domain/role.h. audit_seq and audit_head: its last row of audit; read_seq and read_head: of read_log.
CREATE TABLE principals (
  id ID,
  role SMALL NOT NULL,
  name ASCII(128) NOT NULL,
  store_id BIGINT NULL,
  terminal_id BIGINT NULL,
  audit_seq BIGINT NOT NULL,
  audit_head BYTES(32) NOT NULL,
  read_seq BIGINT NOT NULL,
  read_head BYTES(32) NOT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal BYTES(32) NOT NULL
);
CREATE UNIQUE INDEX principals_by_name ON principals (name);
CREATE INDEX principals_by_terminal_id ON principals (terminal_id);

-- Bearer keys, hashed. replaced_by: the key that came in its place; it ends soon. last_use_day: of UTC, written at most
-- once a day by each server.
CREATE TABLE access_keys (
  id ID,
  principal_id BIGINT NOT NULL,
  hash ASCII(64) NOT NULL,
  expire_time BIGINT NOT NULL,
  revoked_time BIGINT NULL,
  replaced_by BIGINT NULL,
  last_use_day BIGINT NULL,
  create_time BIGINT NOT NULL,
  seal BYTES(32) NOT NULL
);
CREATE UNIQUE INDEX access_keys_by_hash ON access_keys (hash);
CREATE INDEX access_keys_by_principal_id ON access_keys (principal_id);

-- What a person types at a till to make it a terminal, once: the newest of each terminal, as a keyed hash. used_time: NULL
-- until then; revoked ones have ended.
CREATE TABLE enrollment_codes (
  terminal_id ID,
  hash BYTES(32) NOT NULL,
  expire_time BIGINT NOT NULL,
  used_time BIGINT NULL,
  create_time BIGINT NOT NULL,
  seal BYTES(32) NOT NULL
);
-- Who operates the tills of a store. id: 8 digits, drawn at random, which stand in receipts in place of a name;
-- display_name stands here only. role: 1 CASHIER, 2 SUPERVISOR; state: 1 ACTIVE, 2 DISABLED. pin: argon2id over a keyed
-- hash, behind the id of the key. tries: PINs that were looked at since the last right one, the one under way included;
-- the fifth sets locked_until.
CREATE TABLE operators (
  id ID,
  store_id BIGINT NOT NULL,
  display_name UTF8(100) NOT NULL,
  role SMALL NOT NULL,
  state SMALL NOT NULL,
  pin ASCII(160) NOT NULL,
  tries BIGINT NOT NULL,
  locked_until BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal BYTES(32) NOT NULL
);
CREATE INDEX operators_by_store_id ON operators (store_id);

-- The last session of an operator at a terminal; hash: of its token. end_time: it was ended before expire_time.
CREATE TABLE operator_sessions (
  operator_id BIGINT NOT NULL,
  terminal_id BIGINT NOT NULL,
  hash ASCII(64) NOT NULL,
  create_time BIGINT NOT NULL,
  expire_time BIGINT NOT NULL,
  end_time BIGINT NULL,
  seal BYTES(32) NOT NULL,
  PRIMARY KEY (operator_id, terminal_id)
);
CREATE INDEX operator_sessions_by_terminal_id ON operator_sessions (terminal_id);

-- What administrators changed: names of fields, never values of people. Each row seals the one before of its
-- principal.
CREATE TABLE audit (
  principal_id BIGINT NOT NULL,
  audit_seq BIGINT NOT NULL,
  command_id BIGINT NOT NULL,
  action ASCII(64) NOT NULL,
  resource UTF8(200) NOT NULL,
  detail UTF8_LONG NOT NULL,
  create_time BIGINT NOT NULL,
  seal BYTES(32) NOT NULL,
  PRIMARY KEY (principal_id, audit_seq)
);

-- Who has read what is known of a member (FULL), and by which method. Each row seals the one before of its principal.
CREATE TABLE read_log (
  principal_id BIGINT NOT NULL,
  read_seq BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  method ASCII(128) NOT NULL,
  create_time BIGINT NOT NULL,
  seal BYTES(32) NOT NULL,
  PRIMARY KEY (principal_id, read_seq)
);

-- Ids are handed out in blocks; each block is committed before its first id is used.
CREATE TABLE id_blocks (
  name ASCII(32) NOT NULL,
  next_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
);

-- A block of ids [first_id, end_id), and the seal over the receipts and commands in it: a keyed hash over the hash
-- before, table, id and seal of each in the order of their ids. Blocks follow each other without a hole.
CREATE TABLE seals (
  first_id ID,
  end_id BIGINT NOT NULL,
  sealed_rows BIGINT NOT NULL,
  last_id BIGINT NOT NULL,
  head BYTES(32) NOT NULL,
  closed SMALL NOT NULL,
  version BIGINT NOT NULL
);

-- Who runs a background job; version fences off an old holder.
CREATE TABLE leases (
  name ASCII(64) NOT NULL,
  holder ASCII(64) NOT NULL,
  expire_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
);

-- How many phone numbers and e-mail addresses a principal has looked up at one server within five seconds. Rows of past
-- minutes are deleted by whoever writes next.
CREATE TABLE lookup_counts (
  slot_time BIGINT NOT NULL,
  principal_id BIGINT NOT NULL,
  server ASCII(64) NOT NULL,
  lookups BIGINT NOT NULL,
  PRIMARY KEY (slot_time, principal_id, server)
);

-- state: 1 QUEUED, 2 RUNNING, 3 CANCELLING, 4 SUCCEEDED, 5 FAILED, 6 CANCELLED. failures: times that a server met what
-- it knows no way out of.
CREATE TABLE jobs (
  id ID,
  kind ASCII(32) NOT NULL,
  state SMALL NOT NULL,
  request_id ASCII(64) NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  payload UTF8_LONG NULL,
  result UTF8_LONG NULL,
  failures SMALL NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX jobs_by_state ON jobs (state);

-- The hot row of a member. Balances, statistics and standing are caches: of the entries and of the moves. state: 1
-- ACTIVE, 2 BLOCKED, 3 MERGED, 4 ERASED. birthday: month * 32 + day, 0 not known. record_time: of the last entry.
-- recent_days: the newest 16 purchase days, packed; older ones lie in member_day. q1_amount to q4_amount: spent in a
-- quarter of the year; quarter_years: in how many years, 16 bits for each quarter. due_day: the standing does not
-- change before it.
CREATE TABLE members (
  id ID,
  public_id BIGINT NOT NULL,
  state SMALL NOT NULL,
  anonymous SMALL NOT NULL,
  language ASCII(16) NOT NULL,
  greeting UTF8(100) NULL,
  birthday BIGINT NOT NULL,
  store_id BIGINT NULL,
  merged_into BIGINT NULL,
  create_time BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  available BIGINT NOT NULL,
  pending BIGINT NOT NULL,
  held BIGINT NOT NULL,
  debt BIGINT NOT NULL,
  next_due_time BIGINT NOT NULL,
  member_seq BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  chain_head BYTES(32) NOT NULL,
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
  recent_days BYTES(700) NOT NULL,
  stage SMALL NOT NULL,
  segment SMALL NOT NULL,
  lost_stage SMALL NOT NULL,
  rule SMALL NOT NULL,
  since_day BIGINT NOT NULL,
  retained SMALL NOT NULL,
  transitions BIGINT NOT NULL,
  due_day BIGINT NOT NULL,
  seal BYTES(32) NOT NULL
);
CREATE UNIQUE INDEX members_by_public_id ON members (public_id);
CREATE INDEX members_by_due_day ON members (due_day);

-- The cold part of an enrolled member. person: names and date of birth, sealed with the member's key; names are found
-- by keyed hashes of the folded family name and of its first three letters.
CREATE TABLE member_profile (
  member_id ID,
  acquisition_channel UTF8(64) NOT NULL,
  acquisition_campaign UTF8(64) NOT NULL,
  acquisition_partner UTF8(64) NOT NULL,
  acquisition_referral UTF8(64) NOT NULL,
  acquisition_touchpoint UTF8(64) NOT NULL,
  person BYTES(1000) NULL,
  family_hash BYTES(32) NULL,
  family_prefix_hash BYTES(32) NULL,
  update_time BIGINT NOT NULL
);

-- The key under which what is a person's is sealed. Whoever erases it has erased that, also in copies of the
-- database. A backup keeps this table in a file of its own.
CREATE TABLE member_keys (
  member_id ID,
  secret BYTES(32) NOT NULL,
  create_time BIGINT NOT NULL
);

-- purpose x channel x text version x proof x time; the newest row of a purpose and channel counts.
CREATE TABLE consents (
  member_id BIGINT NOT NULL,
  consent_seq BIGINT NOT NULL,
  purpose ASCII(32) NOT NULL,
  channel ASCII(32) NOT NULL,
  granted SMALL NOT NULL,
  text_version ASCII(32) NOT NULL,
  source ASCII(32) NOT NULL,
  proof UTF8(500) NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (member_id, consent_seq)
);

-- code: the kind and what a company prints (card:4711), or the kind and a keyed hash of the text (phone, email,
-- token), which is sealed beside it. state: 1 ACTIVE, 2 BLOCKED, 3 ERASED: then it is nobody's, and stays so.
-- first_member_id: whose it was before a merge. Keys of free text are KEY_TEXT: utf8mb4_bin would ignore blanks at
-- the end.
CREATE TABLE identifiers (
  code KEY_TEXT(200) NOT NULL,
  kind SMALL NOT NULL,
  member_id BIGINT NULL,
  first_member_id BIGINT NULL,
  state SMALL NOT NULL,
  normaliser BIGINT NOT NULL,
  sealed_text BYTES(400) NULL,
  replaced_by KEY_TEXT(200) NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal BYTES(32) NOT NULL,
  PRIMARY KEY (code)
);
CREATE INDEX identifiers_by_member_id ON identifiers (member_id);

CREATE TABLE card_ranges (
  id ID,
  first_number ASCII(32) NOT NULL,
  last_number ASCII(32) NOT NULL,
  check_digit SMALL NOT NULL,
  create_time BIGINT NOT NULL
);

-- A receipt, kept for ever with its answer. Numbered by terminal, epoch, business date, kind and number; a fiscal key
-- is a second number. member_id and entries come later where a card is attached later; entry_seq and entry_count: the
-- entries it wrote. till_time: of a till whose clock was not believed. state: 1 RECORDED, 2 VOIDED. request_id: of
-- the principal that sent it first; a UUID as its 16 bytes. payments, fiscal, evaluation: JSON.
CREATE TABLE receipts (
  id ID,
  terminal_id BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  business_date BIGINT NOT NULL,
  kind SMALL NOT NULL,
  receipt_no KEY_TEXT(64) NOT NULL,
  fiscal_key KEY_TEXT(256) NULL,
  member_id BIGINT NULL,
  entry_seq BIGINT NULL,
  entry_count BIGINT NOT NULL,
  state SMALL NOT NULL,
  version BIGINT NOT NULL,
  currency ASCII(3) NOT NULL,
  total BIGINT NOT NULL,
  business_time BIGINT NOT NULL,
  till_time BIGINT NULL,
  record_time BIGINT NOT NULL,
  utc_offset BIGINT NOT NULL,
  operator UTF8(64) NOT NULL,
  operator_proven SMALL NOT NULL,
  approver UTF8(64) NULL,
  principal_id BIGINT NOT NULL,
  request_id BYTES(65) NOT NULL,
  content_hash BYTES(32) NOT NULL,
  payload_hash BYTES(32) NOT NULL,
  payments UTF8_LONG NULL,
  fiscal UTF8_LONG NULL,
  evaluation UTF8_LONG NULL,
  result BYTES_LONG NOT NULL,
  seal BYTES(32) NOT NULL
);
CREATE UNIQUE INDEX receipts_by_number ON receipts (terminal_id, epoch, business_date, kind, receipt_no);
CREATE UNIQUE INDEX receipts_by_fiscal_key ON receipts (fiscal_key) WHERE_GIVEN(fiscal_key);

-- quantity in millionths of unit, unit_price in micros of the currency, tax_rate in millionths. flags: 1 no earning,
-- 2 no discount, 4 no redemption, 8 private. return_type and original: of a line that comes back. money_off: its
-- share of discounts and points.
CREATE TABLE receipt_lines (
  receipt_id BIGINT NOT NULL,
  line_no BIGINT NOT NULL,
  line_id UTF8(64) NOT NULL,
  kind SMALL NOT NULL,
  sku UTF8(64) NOT NULL,
  description UTF8(200) NULL,
  categories UTF8(1200) NULL,
  quantity BIGINT NOT NULL,
  unit UTF8(16) NULL,
  unit_price BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  tax_rate BIGINT NOT NULL,
  tax_mode SMALL NOT NULL,
  tax_amount BIGINT NOT NULL,
  taxes ASCII(240) NULL,
  flags BIGINT NOT NULL,
  returned_quantity BIGINT NOT NULL,
  returned_amount BIGINT NOT NULL,
  return_type SMALL NULL,
  original_receipt_id BIGINT NULL,
  original_line_id UTF8(64) NULL,
  money_off BIGINT NOT NULL,
  PRIMARY KEY (receipt_id, line_no)
);

-- What a receipt caused that is not the base rule's. wanted: what the rule would have given; amount: what it gave.
-- target: a code, a budget, a card. entry_seq: the entry that books it.
CREATE TABLE effects (
  receipt_id BIGINT NOT NULL,
  effect_seq BIGINT NOT NULL,
  line_id UTF8(64) NULL,
  kind BIGINT NOT NULL,
  rule UTF8(64) NOT NULL,
  rule_version BIGINT NOT NULL,
  wanted BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  target UTF8(200) NULL,
  entry_seq BIGINT NULL,
  state SMALL NOT NULL,
  PRIMARY KEY (receipt_id, effect_seq)
);

-- The ledger: append-only, order is (member_id, seq). Lot terms stand with the entry that makes or activates a lot;
-- the facts of a sale with the first entry of its receipt. Neither receipt nor command: time has made it due. mac:
-- chains it to the entry before.
CREATE TABLE entries (
  member_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  type SMALL NOT NULL,
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
  mac BYTES(32) NOT NULL,
  PRIMARY KEY (member_id, seq)
);

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
);

-- Lots that wait for their activation.
CREATE TABLE pending_lots (
  member_id BIGINT NOT NULL,
  activate_time BIGINT NOT NULL,
  lot_seq BIGINT NOT NULL,
  expire_time BIGINT NOT NULL,
  remaining BIGINT NOT NULL,
  PRIMARY KEY (member_id, activate_time, lot_seq)
);

-- Points that an entry took from a lot, with the terms of the lot. kind: 1 BURN, 2 RESTORE, 3 SETTLE, 4 CLAWBACK, 5
-- HOLD.
CREATE TABLE allocations (
  member_id BIGINT NOT NULL,
  entry_seq BIGINT NOT NULL,
  lot_seq BIGINT NOT NULL,
  kind SMALL NOT NULL,
  points BIGINT NOT NULL,
  activate_time BIGINT NOT NULL,
  expire_time BIGINT NOT NULL,
  PRIMARY KEY (member_id, entry_seq, lot_seq)
);

-- state: 1 REDEEMED, 2 CANCELLED. command_id: that made it; receipt_id: that used it. operator_proven: by a session,
-- else it is the till's word. approver: the second person, `operators/{operator}` or `keys/{key}`.
CREATE TABLE redemptions (
  id ID,
  member_id BIGINT NOT NULL,
  entry_seq BIGINT NOT NULL,
  state SMALL NOT NULL,
  points BIGINT NOT NULL,
  value BIGINT NOT NULL,
  reward ASCII(40) NULL,
  store_id BIGINT NULL,
  terminal_id BIGINT NULL,
  operator KEY_TEXT(64) NOT NULL,
  operator_proven SMALL NOT NULL,
  approver UTF8(64) NULL,
  command_id BIGINT NOT NULL,
  cancel_command_id BIGINT NULL,
  cancel_reason UTF8(64) NULL,
  receipt_id BIGINT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  seal BYTES(32) NOT NULL
);
CREATE INDEX redemptions_by_member_id ON redemptions (member_id);
CREATE INDEX redemptions_by_terminal_id_create_time ON redemptions (terminal_id, create_time);
CREATE INDEX redemptions_by_store_id_create_time ON redemptions (store_id, create_time);
CREATE INDEX redemptions_by_operator_create_time ON redemptions (operator, create_time);

-- The money of a redemption on each line.
CREATE TABLE redemption_shares (
  redemption_id BIGINT NOT NULL,
  share_no BIGINT NOT NULL,
  line_id UTF8(64) NOT NULL,
  tax_rate BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (redemption_id, share_no)
);

-- A request that took effect and is no receipt, kept for ever with its answer. kind: 1 REDEEM, 2 CANCEL_REDEMPTION,
-- 3 ENROLL_MEMBER, 4 LINK_IDENTIFIER, 5 VISIT, 6 ADMIN, 7 DESK, 8 UPDATE_MEMBER, 9 SIGN_ON, 10 SIGN_OFF.
CREATE TABLE commands (
  id ID,
  kind SMALL NOT NULL,
  member_id BIGINT NULL,
  entry_seq BIGINT NULL,
  entry_count BIGINT NOT NULL,
  principal_id BIGINT NOT NULL,
  operator UTF8(64) NOT NULL,
  operator_proven SMALL NOT NULL,
  approver UTF8(64) NULL,
  store_id BIGINT NULL,
  terminal_id BIGINT NULL,
  request_id BYTES(65) NOT NULL,
  payload_hash BYTES(32) NOT NULL,
  result BYTES_LONG NOT NULL,
  create_time BIGINT NOT NULL,
  seal BYTES(32) NOT NULL
);

-- From the id of a request, unique for its principal, to the receipt or command that it became. day: for the purge.
CREATE TABLE requests (
  request_id BYTES(65) NOT NULL,
  principal_id BIGINT NOT NULL,
  receipt_id BIGINT NULL,
  command_id BIGINT NULL,
  payload_hash BYTES(32) NOT NULL,
  day BIGINT NOT NULL,
  PRIMARY KEY (request_id, principal_id)
);

-- A scan without a receipt: one per member, store and business day.
CREATE TABLE visits (
  member_id BIGINT NOT NULL,
  store_id BIGINT NOT NULL,
  business_date BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (member_id, store_id, business_date)
);

-- Purchase days that are older than those in the member's row.
CREATE TABLE member_day (
  member_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  receipts BIGINT NOT NULL,
  PRIMARY KEY (member_id, day)
);

-- Each move of a member. cause: 1 receipt, 2 timer, 3 refit, 4 manual, 5 merge. run_id: the run of retention_runs
-- that measured. position: 0 until the relay numbers it, without a gap and in the order of commits.
CREATE TABLE lifecycle_transitions (
  member_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  from_stage SMALL NOT NULL,
  from_segment SMALL NOT NULL,
  from_lost_stage SMALL NOT NULL,
  to_stage SMALL NOT NULL,
  to_segment SMALL NOT NULL,
  to_lost_stage SMALL NOT NULL,
  day BIGINT NOT NULL,
  cause SMALL NOT NULL,
  rule SMALL NOT NULL,
  receipt_id BIGINT NULL,
  run_id BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  position BIGINT NOT NULL,
  seal BYTES(32) NOT NULL,
  PRIMARY KEY (member_id, seq)
);
CREATE INDEX lifecycle_transitions_by_day ON lifecycle_transitions (day);
CREATE INDEX lifecycle_transitions_by_position ON lifecycle_transitions (position);

-- Limits that were passed: one row a limit, a day and a member, or a terminal, or a store, or an operator of a store (what it
-- is not about is 0 or empty). limit_kind: a number of domain/limits.h. id: of the receipt or command that was the first.
-- place_id, store_id: the terminal and store of the last time. state: 1 OPEN, 2 RESOLVED, by a principal.
CREATE TABLE alerts (
  member_id BIGINT NOT NULL,
  terminal_id BIGINT NOT NULL,
  by_store_id BIGINT NOT NULL,
  by_operator KEY_TEXT(64) NOT NULL,
  limit_kind SMALL NOT NULL,
  day BIGINT NOT NULL,
  id BIGINT NOT NULL,
  place_id BIGINT NULL,
  store_id BIGINT NULL,
  first_time BIGINT NOT NULL,
  last_time BIGINT NOT NULL,
  times BIGINT NOT NULL,
  last_request BYTES(65) NULL,
  state SMALL NOT NULL,
  resolved_by BIGINT NULL,
  resolve_time BIGINT NULL,
  note UTF8(200) NULL,
  version BIGINT NOT NULL,
  seal BYTES(32) NOT NULL,
  PRIMARY KEY (member_id, terminal_id, by_store_id, by_operator, limit_kind, day)
);
CREATE UNIQUE INDEX alerts_by_id ON alerts (id);
CREATE INDEX alerts_by_first_time ON alerts (first_time);
CREATE INDEX alerts_by_state ON alerts (state);

-- What a run of the retention module found: written once, never changed. content is proto JSON of the result.
CREATE TABLE retention_runs (
  id ID,
  kind SMALL NOT NULL,
  model_kind BIGINT NOT NULL,
  content UTF8_LONG NOT NULL,
  create_time BIGINT NOT NULL,
  created_by BIGINT NOT NULL
);
