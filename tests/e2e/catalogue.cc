#include "tests/e2e/catalogue.h"

#include <thread>

namespace loyalty::test {
namespace {

// A version is known to every server when it comes into force, however busy they are.
constexpr std::chrono::seconds kInForceMax{60};
constexpr std::chrono::milliseconds kBetweenLooks{50};

std::int64_t InForce(const Caller& server) {
  v1::GetCatalogueResponse response;
  EXPECT_EQ(server.Call(&v1::CampaignService::Stub::GetCatalogue, v1::GetCatalogueRequest(), &response).reason(), "OK");
  return response.version();
}

}  // namespace

std::int64_t ApplyCatalogue(const Shell& shell, const std::string& json, TestClock& clock,
                            const std::vector<const Caller*>& servers) {
  const auto applied =
      shell.AdminJson<v1::ApplyCatalogueResponse>({"apply", "-f", shell.Write("catalogue.json", json)});
  const std::int64_t version = applied.version();
  clock.ForwardTo(applied.effective_time().seconds() * kSecond + applied.effective_time().nanos() / 1'000, servers);
  const auto until = std::chrono::steady_clock::now() + kInForceMax;
  for (const Caller* server : servers) {
    while (InForce(*server) < version && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(kBetweenLooks);
    EXPECT_GE(InForce(*server), version) << "a catalogue that was applied is not in force";
  }
  return version;
}

}  // namespace loyalty::test
