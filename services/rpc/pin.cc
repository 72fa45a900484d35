#include "services/rpc/pin.h"

#include <google/protobuf/wrappers.pb.h>
#include <sodium.h>

#include <array>
#include <charconv>

#include "services/queue/failure_error.h"
#include "services/queue/write_queue.h"

namespace loyalty {
namespace {

constexpr std::size_t kMemory = 16 << 20;
constexpr unsigned long long kPasses = 3;

Error QueueFull() { return Error{Reason::kQueueFull, "too many PINs wait to be looked at", {}}; }

Bytes KeyedPin(const KeySet& keys, std::string_view pin) {
  Digest digest(keys.pins);
  digest.Add(pin);
  return digest.Finish();
}

// A step of a claim that is no request of its own.
Command StepOf(const Call& call, const PinClaim& claim, PinTry::Step step, const std::string& stored) {
  Command command;
  command.request_id = "pin-try";
  command.principal_id = call.caller.principal_id;
  command.deadline = call.deadline;
  command.payload = PinTry{step, claim.operator_id, claim.store_id, stored};
  return command;
}

// What ends a call that is under way.
void End(Call& call, const Status& status) {
  if (!status) call.Finish(status);
}

void Submit(Call& call, Command command, std::function<void(const Answer& answer)> then) {
  End(call, call.deps().queue.Submit(std::move(command), [&call, then = std::move(then)](Result<Answer> answer) {
    if (!answer) return call.Finish(ForCaller(answer.error()));
    then(*answer);
  }));
}

// The PIN that belongs to what is stored: empty, there is none such, and it takes as long.
Status Look(Call& call, const PinClaim& claim, const std::string& stored) {
  if (call.deps().clock() >= call.deadline)
    return Error{Reason::kDeadlineExceeded, "the deadline passed while others' PINs were looked at", {}};
  if (stored.empty()) {
    static_cast<void>(HashPin(call.deps().keys.current, claim.pin));
    return OperatorUnknownOrPinWrong();
  }
  const auto right = IsPinOf(call.deps().keys, stored, claim.pin);
  if (!right) return KeyMissing();
  return *right ? Status(Ok{}) : OperatorUnknownOrPinWrong();
}

}  // namespace

std::string HashPin(const KeySet& keys, std::string_view pin) {
  const Bytes keyed = KeyedPin(keys, pin);
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), keyed.value.data(), keyed.value.size(), kPasses, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    return "";
  return std::to_string(keys.id) + out.data();
}

std::optional<bool> IsPinOf(const ProgramKeys& keys, const std::string& stored, std::string_view pin) {
  unsigned id = 0;
  const auto [end, error] = std::from_chars(stored.data(), stored.data() + stored.size(), id);
  const KeySet* maker = error == std::errc() ? keys.Find(static_cast<KeyId>(id)) : nullptr;
  if (maker == nullptr) return std::nullopt;
  const Bytes keyed = KeyedPin(*maker, pin);
  return crypto_pwhash_str_verify(end, keyed.value.data(), keyed.value.size()) == 0;
}

Status CheckPin(Call& call, PinClaim claim, std::function<Status(const ProvenOperator&)> then) {
  auto place = call.deps().pins.Enter(call.caller.principal_id);
  if (!place) return QueueFull();
  const auto shared = std::make_shared<const PinClaim>(std::move(claim));
  Submit(call, StepOf(call, *shared, PinTry::Step::kTake, ""),
         [&call, shared, place, then = std::move(then)](const Answer& taken) {
           const std::string stored = static_cast<const google::protobuf::StringValue&>(*taken.result).value();
           place->Run([&call, shared, place, stored, then] {
             if (const Status looked = Look(call, *shared, stored); !looked) return call.Finish(looked);
             Submit(call, StepOf(call, *shared, PinTry::Step::kRight, stored),
                    [&call, stored, then](const Answer& right) {
                      End(call, then({static_cast<const v1::Operator&>(*right.result), stored}));
                    });
           });
         });
  return Ok{};
}

Status HashPinSoon(Call& call, std::string pin, std::function<Status(std::string stored)> then) {
  auto place = call.deps().pins.Enter(call.caller.principal_id);
  if (!place) return QueueFull();
  place->Run([&call, place, pin = std::move(pin), then = std::move(then)] {
    std::string stored = HashPin(call.deps().keys.current, pin);
    End(call, stored.empty() ? Status(QueueFull()) : then(std::move(stored)));
  });
  return Ok{};
}

}  // namespace loyalty
