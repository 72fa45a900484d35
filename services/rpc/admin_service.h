// The admin service, a file each: stores with their terminals, what happens to a terminal, its codes, what they are
// used for, keys, audit, operators.
#pragma once

#include "loyalty/v1/admin_service.pb.h"
#include "services/rpc/admin_command.h"

namespace loyalty {

Status RestartTerminalNumbering(Call& call, const v1::RestartTerminalNumberingRequest& request,
                                v1::RestartTerminalNumberingResponse& response);
Status EnrollTerminal(Call& call, const v1::EnrollTerminalRequest& request, v1::EnrollTerminalResponse& response);
Status RevokeTerminal(Call& call, const v1::RevokeTerminalRequest& request, v1::RevokeTerminalResponse& response);

Status CreateEnrollmentCode(Call& call, const v1::CreateEnrollmentCodeRequest& request,
                            v1::CreateEnrollmentCodeResponse& response);
Status RevokeEnrollmentCode(Call& call, const v1::RevokeEnrollmentCodeRequest& request,
                            v1::RevokeEnrollmentCodeResponse& response);
// Of somebody without a key.
Status EnrollByCode(Call& call, const v1::EnrollTerminalRequest& request, v1::EnrollTerminalResponse& response);

// Within an admin command, all of them.

// The terminal of a resource name. Errors: kTerminalUnknown.
Result<storage::TerminalRow> RequireTerminal(const AdminStep& step, const std::string& store,
                                             const std::string& terminal);
// The id of a terminal's principal, which is made where there is none yet; by the second id that was drawn.
std::int64_t PrincipalOf(const AdminStep& step, const storage::TerminalRow& terminal, const std::string& name);
// A key for the terminal, with what is answered of it.
v1::EnrollTerminalResult AddTerminalKey(const AdminStep& step, const storage::TerminalRow& terminal,
                                        const std::string& name, const std::string& hash, Instant expire_time,
                                        KeyId secret);
// Ends the terminal's code, if there is one that is good. Returns whether there was.
bool EndCode(const AdminStep& step, std::int64_t terminal_id);

Status CreateKey(Call& call, const v1::CreateKeyRequest& request, v1::CreateKeyResponse& response);
Status ListKeys(Call& call, const v1::ListKeysRequest& request, v1::ListKeysResponse& response);
Status RotateKey(Call& call, const v1::RotateKeyRequest& request, v1::RotateKeyResponse& response);
Status RevokeKey(Call& call, const v1::RevokeKeyRequest& request, v1::RevokeKeyResponse& response);
Status ListAuditEvents(Call& call, const v1::ListAuditEventsRequest& request, v1::ListAuditEventsResponse& response);
Status RenewKey(Call& call, const v1::RenewKeyRequest& request, v1::RenewKeyResponse& response);

Status CreateOperator(Call& call, const v1::CreateOperatorRequest& request, v1::CreateOperatorResponse& response);
Status ListOperators(Call& call, const v1::ListOperatorsRequest& request, v1::ListOperatorsResponse& response);
Status ResetOperatorPin(Call& call, const v1::ResetOperatorPinRequest& request, v1::ResetOperatorPinResponse& response);
Status UpdateOperator(Call& call, const v1::UpdateOperatorRequest& request, v1::UpdateOperatorResponse& response);
Status DisableOperator(Call& call, const v1::DisableOperatorRequest& request, v1::DisableOperatorResponse& response);
Status SignOnOperator(Call& call, const v1::SignOnOperatorRequest& request, v1::SignOnOperatorResponse& response);
Status SignOffOperator(Call& call, const v1::SignOffOperatorRequest& request, v1::SignOffOperatorResponse& response);

// As the API shows them.
v1::Terminal TerminalMessage(const std::string& name, const std::string& display_name, int epoch);

}  // namespace loyalty
