#include "services/rpc/note_receipt.h"

#include <variant>

#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty {
namespace {

// As ErrorInfo names it.
std::string ReasonOf(const v1::Rejection& rejection) {
  constexpr std::string_view kPrefix = "ERROR_REASON_";
  return v1::ErrorReason_Name(rejection.reason()).substr(kPrefix.size());
}

}  // namespace

std::int64_t StoreOfReceipt(const Command& command) {
  const auto* scan = std::get_if<Scan>(&command.payload);
  return scan == nullptr || !scan->receipt || command.only_decide ? 0 : scan->place.store_id;
}

void NoteReceipt(const Deps& deps, std::int64_t store_id, const Answer& answer) {
  if (store_id == 0 || answer.replayed || answer.only_decided || !answer.result) return;
  if (deps.on_receipt) deps.on_receipt(store_id);
  if (!deps.on_rejected) return;
  for (const auto& rejection : static_cast<const v1::ScanResult&>(*answer.result).rejected())
    deps.on_rejected(ReasonOf(rejection));
}

}  // namespace loyalty
