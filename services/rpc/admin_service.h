// The admin service, in two files: reads and stores, terminals and keys.
#pragma once

#include "loyalty/v1/admin_service.pb.h"
#include "services/rpc/admin_command.h"

namespace loyalty {

Status RestartTerminalNumbering(Call& call, const v1::RestartTerminalNumberingRequest& request,
                                v1::RestartTerminalNumberingResponse& response);
Status EnrollTerminal(Call& call, const v1::EnrollTerminalRequest& request, v1::EnrollTerminalResponse& response);
Status RevokeTerminal(Call& call, const v1::RevokeTerminalRequest& request, v1::RevokeTerminalResponse& response);

// As the API shows them.
v1::Terminal TerminalMessage(const std::string& name, const std::string& display_name, int epoch);

}  // namespace loyalty
