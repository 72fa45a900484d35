#include "services/commands/operator_codec.h"

#include <google/protobuf/wrappers.pb.h>

#include "services/codec/timestamp.h"
#include "services/commands/pin_try.h"
#include "services/commands/sign_on.h"
#include "storage/names.h"

namespace loyalty {

v1::Operator OperatorMessage(const storage::OperatorRow& row, Instant now) {
  v1::Operator out;
  out.set_name(storage::OperatorName(row.id));
  out.set_role(static_cast<v1::OperatorRole>(row.role));
  out.set_state(static_cast<v1::OperatorState>(row.state));
  if (row.locked_until > now) *out.mutable_locked_until_time() = ToTimestamp(row.locked_until);
  *out.mutable_create_time() = ToTimestamp(row.create_time);
  return out;
}

ResultMessage ResultOf(const PinTryDecision& decision) {
  if (decision.step == PinTry::Step::kRight) return std::make_shared<v1::Operator>(OperatorMessage(decision.row, 0));
  const auto stored = std::make_shared<google::protobuf::StringValue>();
  stored->set_value(decision.row.pin);
  return stored;
}

ResultMessage ResultOf(const SignOnDecision& decision) {
  const auto result = std::make_shared<v1::SignOnOperatorResult>();
  result->set_operator_(storage::OperatorName(decision.row.id));
  result->set_terminal(decision.terminal);
  result->set_role(static_cast<v1::OperatorRole>(decision.row.role));
  *result->mutable_expire_time() = ToTimestamp(decision.expire_time);
  result->set_secret_id(decision.secret);
  return result;
}

ResultMessage ResultOf(const SignOffDecision& decision) {
  const auto result = std::make_shared<v1::SignOffOperatorResponse>();
  result->set_ended(decision.ended);
  return result;
}

}  // namespace loyalty
