// The admin service, in two files: reads and stores, terminals and keys.
#pragma once

#include "loyalty/v1/admin_service.grpc.pb.h"
#include "services/rpc/admin_command.h"

namespace loyalty {

class AdminService final : public v1::AdminService::CallbackService {
 public:
  explicit AdminService(const Deps& deps) : deps_(deps) {}

  Reactor* CreateStore(grpc::CallbackServerContext* context, const v1::CreateStoreRequest* request,
                       v1::CreateStoreResponse* response) override;
  Reactor* GetStore(grpc::CallbackServerContext* context, const v1::GetStoreRequest* request,
                    v1::GetStoreResponse* response) override;
  Reactor* ListStores(grpc::CallbackServerContext* context, const v1::ListStoresRequest* request,
                      v1::ListStoresResponse* response) override;
  Reactor* CreateTerminal(grpc::CallbackServerContext* context, const v1::CreateTerminalRequest* request,
                          v1::CreateTerminalResponse* response) override;
  Reactor* ListTerminals(grpc::CallbackServerContext* context, const v1::ListTerminalsRequest* request,
                         v1::ListTerminalsResponse* response) override;
  Reactor* RestartTerminalNumbering(grpc::CallbackServerContext* context,
                                    const v1::RestartTerminalNumberingRequest* request,
                                    v1::RestartTerminalNumberingResponse* response) override;
  Reactor* EnrollTerminal(grpc::CallbackServerContext* context, const v1::EnrollTerminalRequest* request,
                          v1::EnrollTerminalResponse* response) override;
  Reactor* RevokeTerminal(grpc::CallbackServerContext* context, const v1::RevokeTerminalRequest* request,
                          v1::RevokeTerminalResponse* response) override;

 private:
  const Deps& deps_;
};

// As the API shows them.
v1::Store StoreMessage(const storage::StoreRow& store);
v1::Terminal TerminalMessage(const std::string& name, const std::string& display_name, int epoch);

// The terminal of a resource name, within an admin command. Errors: kTerminalUnknown.
Result<storage::TerminalRow> RequireTerminal(storage::Session& session, const std::string& store,
                                             const std::string& terminal);

}  // namespace loyalty
