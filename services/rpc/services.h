// The services this server offers, one factory each.
#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "services/context.h"

namespace loyalty {

// `deps` outlives the service.
std::unique_ptr<grpc::Service> MakeAdminService(const Deps& deps);
std::unique_ptr<grpc::Service> MakeCampaignService(const Deps& deps);
std::unique_ptr<grpc::Service> MakeJobService(const Deps& deps);
std::unique_ptr<grpc::Service> MakeLedgerService(const Deps& deps);
std::unique_ptr<grpc::Service> MakeMemberService(const Deps& deps);
std::unique_ptr<grpc::Service> MakeRetentionService(const Deps& deps);

}  // namespace loyalty
