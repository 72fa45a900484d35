// Which parts of the catalogue who may change.
#pragma once

#include <set>
#include <string_view>

#include "domain/role.h"
#include "services/catalogue/catalogue_codec.h"

namespace loyalty {

// An administrator may change all of it, a marketer what marketing is made of: `rewards` and
// `retention.lifecycle.segments`. Whatever is not named in catalogue_roles.cc is an administrator's, and so is each
// field that is added, until somebody names it there. `field`: as in CatalogueDifference.
bool MayChange(Role role, std::string_view field);

// Collects what somebody may not change, of one comparison or several.
class DeniedChanges {
 public:
  explicit DeniedChanges(Role role) : role_(role) {}

  void Look(const std::vector<CatalogueDifference>& differences);
  // Errors: kCatalogueNeedsAdmin with the paths, at most kToldMax of them, and their count.
  Status Done() const;

  static constexpr std::size_t kToldMax = 25;

 private:
  const Role role_;
  std::set<std::string> paths_;
};

}  // namespace loyalty
