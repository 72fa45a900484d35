#include "services/catalogue/catalogue_roles.h"

#include <algorithm>
#include <array>

namespace loyalty {
namespace {

// What points buy, and what a cashier is to say to whom: mistakes there cost little before somebody sees them. What is
// earned, what points are worth, limits, who is lapsed, whom it pays to win back, who is never contacted and when the
// server works are not marketing's alone.
constexpr std::array<std::string_view, 2> kMarketers{"rewards", "retention.lifecycle.segments"};

bool IsWithin(std::string_view field, std::string_view part) {
  return field.substr(0, part.size()) == part && (field.size() == part.size() || field[part.size()] == '.');
}

}  // namespace

bool MayChange(Role role, std::string_view field) {
  if (role == Role::kAdmin) return true;
  return role == Role::kMarketer && std::any_of(kMarketers.begin(), kMarketers.end(),
                                                [field](std::string_view part) { return IsWithin(field, part); });
}

void DeniedChanges::Look(const std::vector<CatalogueDifference>& differences) {
  for (const CatalogueDifference& one : differences)
    if (!MayChange(role_, one.field)) paths_.insert(one.change.path());
}

Status DeniedChanges::Done() const {
  if (paths_.empty()) return Ok{};
  std::string paths, names;
  std::size_t told = 0;
  for (const std::string& path : paths_) {
    if (told++ == kToldMax) break;
    paths += (paths.empty() ? "" : ",") + path;
    names += (names.empty() ? "" : ", ") + path;
  }
  if (paths_.size() > kToldMax) names += " and " + std::to_string(paths_.size() - kToldMax) + " more";
  return Error{Reason::kCatalogueNeedsAdmin,
               "only an administrator may change " + names,
               {{"paths", paths}, {"count", std::to_string(paths_.size())}}};
}

}  // namespace loyalty
