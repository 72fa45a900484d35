// What a program consists of beside its members: rules, stores, terminals, who may call, what was done.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "domain/identifier.h"
#include "domain/role.h"
#include "domain/time.h"
#include "storage/table.h"

namespace loyalty::storage {

// One row: what never changes after `init`, and the generation that is raised by every change to the rows below.
struct ProgramRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<ProgramRow>& table();

  std::int64_t id = 1;
  std::string currency, time_zone, language;
  std::string country;  // ISO 3166; empty: not known
  std::int64_t generation = 1;
  Instant create_time = 0;
};

// A secret that rows were made with; what it is stands in the state directory.
struct SecretRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<SecretRow>& table();

  std::int64_t id = 0;  // KeyId
  std::string key_check;
  Instant create_time = 0;
};

struct CatalogueRow {
  using Key = std::int64_t;
  Key key() const { return version; }
  static const Table<CatalogueRow>& table();

  std::int64_t version = 0;
  Instant effective_time = 0;
  std::string content;  // canonical proto JSON
  Instant create_time = 0;
  std::int64_t created_by = 0;  // a principal
  Bytes seal;
};

struct StoreRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<StoreRow>& table();

  std::int64_t id = 0;
  std::string name, display_name, time_zone;
  int day_cut_minutes = 0;
  std::string language;
  std::string country;  // ISO 3166; empty: that of the program
  bool operators_required = false;
  int state = 1;
  Instant create_time = 0;
  std::int64_t version = 1;
  Bytes seal;
};

struct TerminalRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<TerminalRow>& table();

  std::int64_t id = 0;
  std::int64_t store_id = 0;
  std::string name, display_name;
  int epoch = 0;  // the newest; part of the number of its receipts
  int state = 1;
  Instant create_time = 0;
  std::int64_t version = 1;
  Bytes seal;
};

// A numbering of a terminal that began again. The first of a terminal has no row.
struct TerminalEpochRow {
  using Key = std::tuple<std::int64_t, int>;
  using Prefix = std::int64_t;
  Key key() const { return {terminal_id, epoch}; }
  static const Table<TerminalEpochRow>& table();

  std::int64_t terminal_id = 0;
  int epoch = 0;
  Instant start_time = 0;   // receipts from then on are of this epoch
  Instant create_time = 0;  // when the program was told
  Bytes seal;
};

// Who asks: `keys/{key}`, or a terminal by its name. Keys come and go, a principal stays: a request that is sent again
// after its key was replaced is the same.
struct PrincipalRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<PrincipalRow>& table();

  std::int64_t id = 0;
  Role role = Role::kAdmin;
  std::string name;
  std::int64_t store_id = 0;     // 0: none
  std::int64_t terminal_id = 0;  // 0: none
  std::int64_t audit_seq = 0;    // of its last row of audit
  Bytes audit_head;              // seal of that row
  std::int64_t read_seq = 0;     // of its last row of read_log
  Bytes read_head;               // seal of that row
  Instant create_time = 0;
  std::int64_t version = 1;
  Bytes seal;
};

// A bearer key, hashed.
struct KeyRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<KeyRow>& table();

  std::int64_t id = 0;
  std::int64_t principal_id = 0;
  std::string hash;
  Instant expire_time = kNever;
  Instant revoked_time = 0;      // 0: not revoked
  std::int64_t replaced_by = 0;  // another key of the principal; 0: none
  Day last_use_day = 0;          // of UTC; 0: never
  Instant create_time = 0;
  Bytes seal;
};

// What a till becomes a terminal by, once: the newest code of each, hashed. Those before it are in the audit only.
struct EnrollmentCodeRow {
  using Key = std::int64_t;
  Key key() const { return terminal_id; }
  static const Table<EnrollmentCodeRow>& table();

  std::int64_t terminal_id = 0;
  Bytes hash;               // keyed; names its key
  Instant expire_time = 0;  // of a revoked one: when it was revoked
  Instant used_time = 0;    // 0: not yet
  Instant create_time = 0;
  Bytes seal;
};

struct CardRangeRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<CardRangeRow>& table();

  std::int64_t id = 0;
  CardRange range;
  Instant create_time = 0;
};

// What an administrator changed: names of fields, never values of people. Chained for each principal.
struct AuditRow {
  using Key = std::tuple<std::int64_t, std::int64_t>;
  Key key() const { return {principal_id, audit_seq}; }
  static const Table<AuditRow>& table();

  std::int64_t principal_id = 0;
  std::int64_t audit_seq = 0;   // from 1
  std::int64_t command_id = 0;  // the request that did it
  std::string action, resource, detail;
  Instant create_time = 0;
  Bytes seal;

  Bytes sealed_with;  // no column: the seal of the row before
};

// That somebody has read what is known of a member: who it was and when, never what. Chained for each principal.
struct ReadLogRow {
  using Key = std::tuple<std::int64_t, std::int64_t>;
  Key key() const { return {principal_id, read_seq}; }
  static const Table<ReadLogRow>& table();

  std::int64_t principal_id = 0;
  std::int64_t read_seq = 0;  // from 1
  std::int64_t member_id = 0;
  std::string method;  // in full
  Instant create_time = 0;
  Bytes seal;

  Bytes sealed_with;  // no column: the seal of the row before
};

}  // namespace loyalty::storage
