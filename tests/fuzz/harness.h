// Feeds inputs to a world and says what must not be:
//   a status without a documented code and a reason, or one that says that the server is at fault
//   an answer that cannot be read, that the same request does not get again, or that another caller's gets
//   a trace of what was refused, or of what only reads
//   a ledger that does not add up, a catalogue that no server can load, memory that nobody frees
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tests/fuzz/changes.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/sequence.h"
#include "tests/fuzz/vocabulary.h"

namespace loyalty::fuzz {

// What was done with one type of request.
struct Tally {
  std::int64_t executions = 0;  // of its handler, repeats not counted
  std::int64_t accepted = 0;
  std::int64_t unparsed = 0;  // bytes that are no request: no handler was called
};

class Harness {
 public:
  // A world gets so many inputs and is looked through before it is given up: a small one is a fast one.
  static constexpr int kInputsOfAWorld = 1'000;

  // `sequence_path`: keeps the inputs since the world began; may be empty.
  explicit Harness(std::string sequence_path);

  // Runs one input; what is wrong, or nothing.
  std::string Run(std::string_view bytes);
  // Looks the whole world through and begins a new one; what is wrong, or nothing.
  std::string StartAnew();

  const Vocabulary& vocabulary() const { return vocabulary_; }
  Instant now() const { return world_->now(); }
  // The last answer as method, reason and field: an input with one that was never seen before leads further.
  const std::string& outcome() const { return outcome_; }
  // By method.
  const std::map<std::string, Tally>& tallies() const { return tallies_; }

 private:
  void FillWorld();
  std::string Judge(const Input& input, const Reply& reply, const RowsChanged& changes);
  std::string JudgeAnswer(const Input& input, const Reply& reply, bool changed);
  std::string SendReceiptAgain(const Input& input, const Reply& reply);
  // A request id belongs to its caller: whoever else sends the same asks for something of his own.
  std::string SendAsAnother(const Input& input);
  void Learn(const Input& input, const Reply& reply);

  SequenceFile sequence_;
  std::string template_;
  std::unique_ptr<World> world_;
  Vocabulary vocabulary_;
  int inputs_ = 0;
  std::int64_t sent_again_ = 0;  // receipts, in all worlds
  int worlds_ = 0;
  std::string outcome_;
  std::map<std::string, Tally> tallies_;
};

}  // namespace loyalty::fuzz
