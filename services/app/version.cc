#include "services/app/version.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include "domain/version.h"
#include "storage/libraries.h"
#include "storage/migrations.h"

namespace loyalty {

std::string ProgramVersions() {
  return fmt::format("loyaltyd {}\nschema {}, gRPC {}, {}", VersionText(), storage::SchemaVersionKnown(),
                     grpc::Version(), storage::LibraryVersions());
}

}  // namespace loyalty
