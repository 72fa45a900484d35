-- The schema with what later parts need. One statement at a time, ended by a semicolon at the end of a line.
-- BIGINT for ids, points, money (minor units) and times (microseconds since 1970 UTC); business days are days since 1970.

-- One row: what never changes, and the generation that servers watch to reload their snapshot.
CREATE TABLE program (
  id BIGINT NOT NULL,
  currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  language VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  chain_key_id BIGINT NOT NULL,
  chain_key_check VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  chain_encoding BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;

-- Immutable versions of the catalogue; content is the canonical proto JSON.
CREATE TABLE catalogue_versions (
  version BIGINT NOT NULL,
  effective_time BIGINT NOT NULL,
  content MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  create_time BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  PRIMARY KEY (version)
) ENGINE=InnoDB;

CREATE TABLE stores (
  id BIGINT NOT NULL,
  name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  display_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day_cut_minutes BIGINT NOT NULL,
  language VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state SMALLINT NOT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX stores_by_name ON stores (name);

-- epoch is part of the natural key of receipts.
CREATE TABLE terminals (
  id BIGINT NOT NULL,
  store_id BIGINT NOT NULL,
  name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  display_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  epoch BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX terminals_by_store_id_name ON terminals (store_id, name);

-- Bearer tokens, hashed. role: 1 admin, 2 terminal.
CREATE TABLE tokens (
  id BIGINT NOT NULL,
  hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  role SMALLINT NOT NULL,
  store_id BIGINT NULL,
  terminal_id BIGINT NULL,
  expire_time BIGINT NOT NULL,
  revoked_time BIGINT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX tokens_by_hash ON tokens (hash);
CREATE INDEX tokens_by_terminal_id ON tokens (terminal_id);

-- Ids are handed out in blocks; each block is committed before its first id is used.
CREATE TABLE id_blocks (
  name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  next_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB;

-- Who runs a background job; version fences off an old holder.
CREATE TABLE leases (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expire_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB;

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

-- Balances are a cache of the entries. state: 1 ACTIVE, 2 BLOCKED, 3 MERGED, 4 ERASED.
CREATE TABLE members (
  id BIGINT NOT NULL,
  public_id BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  anonymous SMALLINT NOT NULL,
  language VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  acquisition_channel VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  acquisition_campaign VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  acquisition_partner VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  acquisition_referral VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  acquisition_touchpoint VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
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
  chain_head VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX members_by_public_id ON members (public_id);
CREATE INDEX members_by_next_due_time ON members (next_due_time);

-- Personal data, apart from the ledger.
CREATE TABLE member_personal (
  member_id BIGINT NOT NULL,
  given_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  family_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  greeting_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  birth_date VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  search_name VARCHAR(201) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  update_time BIGINT NOT NULL,
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
  proof VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (member_id, consent_seq)
) ENGINE=InnoDB;

-- normalised holds the kind too: card:4711. state: 1 ACTIVE, 2 BLOCKED. Keys of free text are VARBINARY: utf8mb4_bin
-- ignores blanks at the end.
CREATE TABLE identifiers (
  normalised VARBINARY(200) NOT NULL,
  kind SMALLINT NOT NULL,
  member_id BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  replaced_by VARBINARY(200) NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (normalised)
) ENGINE=InnoDB;
CREATE INDEX identifiers_by_member_id ON identifiers (member_id);

-- Keyed HMAC of an erased identifier, so that a late receipt does not revive the member.
CREATE TABLE identifier_tombstones (
  hmac VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  key_id BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (hmac)
) ENGINE=InnoDB;

CREATE TABLE card_ranges (
  id BIGINT NOT NULL,
  first_number VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_number VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  check_digit SMALLINT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;

-- natural_key: terminal, epoch, business date, receipt number and kind. state: 1 RECORDED, 2 VOIDED.
CREATE TABLE receipts (
  id BIGINT NOT NULL,
  natural_key VARBINARY(160) NOT NULL,
  fiscal_key VARBINARY(232) NULL,
  member_id BIGINT NULL,
  terminal_id BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  business_date BIGINT NOT NULL,
  receipt_no VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  kind SMALLINT NOT NULL,
  state SMALLINT NOT NULL,
  currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total BIGINT NOT NULL,
  business_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  utc_offset BIGINT NOT NULL,
  operator VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content_hash VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  original_receipt_id BIGINT NULL,
  payments MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  fiscal MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  evaluation MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX receipts_by_natural_key ON receipts (natural_key);
CREATE UNIQUE INDEX receipts_by_fiscal_key ON receipts (fiscal_key);
CREATE INDEX receipts_by_member_id_business_date ON receipts (member_id, business_date);

CREATE TABLE receipt_lines (
  receipt_id BIGINT NOT NULL,
  line_no BIGINT NOT NULL,
  line_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  kind SMALLINT NOT NULL,
  sku VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  categories VARCHAR(1200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  quantity BIGINT NOT NULL,
  unit_price BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  tax_rate BIGINT NOT NULL,
  tax_mode SMALLINT NOT NULL,
  tax_amount BIGINT NOT NULL,
  non_discountable SMALLINT NOT NULL,
  returned_quantity BIGINT NOT NULL,
  returned_amount BIGINT NOT NULL,
  PRIMARY KEY (receipt_id, line_no)
) ENGINE=InnoDB;

-- Named by the seq of the entry that made it. state: 1 PENDING, 2 ACTIVE, 3 EXHAUSTED, 4 EXPIRED, 5 CANCELLED.
CREATE TABLE lots (
  member_id BIGINT NOT NULL,
  lot_seq BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  origin SMALLINT NOT NULL,
  points BIGINT NOT NULL,
  remaining BIGINT NOT NULL,
  held BIGINT NOT NULL,
  activate_time BIGINT NOT NULL,
  expire_time BIGINT NOT NULL,
  restored_from BIGINT NULL,
  receipt_id BIGINT NULL,
  catalogue_version BIGINT NOT NULL,
  PRIMARY KEY (member_id, lot_seq)
) ENGINE=InnoDB;
CREATE INDEX lots_by_member_id_state_expire_time ON lots (member_id, state, expire_time);

-- kind: 1 BURN, 2 RESTORE, 3 SETTLE, 4 CLAWBACK, 5 HOLD.
CREATE TABLE allocations (
  member_id BIGINT NOT NULL,
  entry_seq BIGINT NOT NULL,
  lot_seq BIGINT NOT NULL,
  kind SMALLINT NOT NULL,
  points BIGINT NOT NULL,
  PRIMARY KEY (member_id, entry_seq, lot_seq)
) ENGINE=InnoDB;

-- The ledger: append-only, order is (member_id, seq).
CREATE TABLE entries (
  member_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  type SMALLINT NOT NULL,
  available_delta BIGINT NOT NULL,
  pending_delta BIGINT NOT NULL,
  held_delta BIGINT NOT NULL,
  debt_delta BIGINT NOT NULL,
  lot_seq BIGINT NULL,
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  receipt_id BIGINT NULL,
  reversal_of BIGINT NULL,
  group_id BIGINT NULL,
  terminal_id BIGINT NULL,
  operator VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  business_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  catalogue_version BIGINT NOT NULL,
  mac VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mac_key_id BIGINT NOT NULL,
  PRIMARY KEY (member_id, seq)
) ENGINE=InnoDB;

-- state: 1 REDEEMED, 2 CANCELLED.
CREATE TABLE redemptions (
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  entry_seq BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  points BIGINT NOT NULL,
  value BIGINT NOT NULL,
  reward VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  terminal_id BIGINT NULL,
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  cancel_request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  cancel_reason VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  create_time BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE INDEX redemptions_by_member_id ON redemptions (member_id);

-- Answers that a repeat gets again, byte for byte.
CREATE TABLE requests (
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload_hash VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  result MEDIUMBLOB NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (request_id)
) ENGINE=InnoDB;
CREATE INDEX requests_by_create_time ON requests (create_time);

-- A scan without a receipt: one per member, store and business day.
CREATE TABLE visits (
  member_id BIGINT NOT NULL,
  store_id BIGINT NOT NULL,
  business_date BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (member_id, store_id, business_date)
) ENGINE=InnoDB;

-- The summary row of RETENTION: sufficient statistics of the purchases.
CREATE TABLE member_statistics (
  member_id BIGINT NOT NULL,
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
  PRIMARY KEY (member_id)
) ENGINE=InnoDB;

CREATE TABLE member_day (
  member_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  receipts BIGINT NOT NULL,
  PRIMARY KEY (member_id, day)
) ENGINE=InnoDB;

-- Written without a position; the relay numbers them in commit order.
CREATE TABLE events (
  id BIGINT NOT NULL,
  type VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  member_id BIGINT NULL,
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;

CREATE TABLE event_positions (
  position BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  PRIMARY KEY (position)
) ENGINE=InnoDB;
CREATE UNIQUE INDEX event_positions_by_event_id ON event_positions (event_id);

-- What admins changed: field names, never values of people.
CREATE TABLE audit (
  id BIGINT NOT NULL,
  token_id BIGINT NOT NULL,
  action VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  resource VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
CREATE INDEX audit_by_create_time ON audit (create_time);
