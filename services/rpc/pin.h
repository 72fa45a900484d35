// PINs: how they are stored, and how somebody proves to be an operator by one.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "loyalty/v1/operator.pb.h"
#include "services/queue/pin_workers.h"
#include "services/rpc/call.h"

namespace loyalty {

// What is stored of a PIN: argon2id, 16 MiB, over its keyed hash, behind the id of the key. There are few PINs, so that
// a hash alone could be tried out in minutes by whoever has the database; the key does not lie in it. It takes time on
// purpose. Empty: there is no memory for it.
std::string HashPin(const KeySet& keys, std::string_view pin);
// Whether it is the PIN. Nothing: it was stored under a key that is not known here.
std::optional<bool> IsPinOf(const ProgramKeys& keys, const std::string& stored, std::string_view pin);

// Somebody who says to be an operator.
struct PinClaim {
  std::int64_t operator_id = 0;
  std::string pin;
  std::int64_t store_id = 0;  // whose terminal asks
};

// Who has proven it.
struct ProvenOperator {
  v1::Operator who;
  std::string stored_pin;  // that was compared with
};

// Counts a try, looks at the PIN on the thread for that, and calls `then` when it was right; an error that it returns
// ends the call. Who is unknown, disabled or another store's takes as long as a wrong PIN, and is answered the same.
// Errors: kQueueFull, kDeadlineExceeded, kOperatorLocked, kOperatorUnknownOrPinWrong, those of the write path.
Status CheckPin(Call& call, PinClaim claim, std::function<Status(const ProvenOperator& proven)> then);

// Hashes a PIN on the thread for that, and calls `then` with what is to be stored. Errors: kQueueFull.
Status HashPinSoon(Call& call, std::string pin, std::function<Status(std::string stored)> then);

}  // namespace loyalty
