#include "tests/support/create_store.h"

#include <memory>
#include <utility>

#include "loyalty/v1/terminal_service.pb.h"
#include "storage/administration.h"

namespace loyalty::test {

Admin CreateStoreNamed(std::string name) {
  return {[name = std::move(name)](const AdminStep& step) -> Result<AdminOutcome> {
    if (storage::FindStore(step.session, name)) return Error{Reason::kStoreExists, "there is one", {}};
    storage::StoreRow store;
    store.id = step.draws.more.front();
    store.name = store.display_name = name;
    store.time_zone = "Europe/Berlin";
    store.language = "de";
    store.create_time = step.now();
    step.set.Put(store);
    return AdminOutcome{std::make_shared<v1::ScanResult>(), "store.create", "stores/" + name, ""};
  }};
}

}  // namespace loyalty::test
