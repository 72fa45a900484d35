#include "tests/e2e/test_clock.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "tests/e2e/caller.h"

namespace loyalty::test {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{20};
constexpr int kLooksMax = 3'000;

// Whether it answers by rules that are fresh.
bool IsServed(const Caller& server) {
  v1::GetCatalogueRequest request;
  v1::GetCatalogueResponse response;
  return server.Call(&v1::CampaignService::Stub::GetCatalogue, request, &response).reason() != "CATALOGUE_STALE";
}

}  // namespace

TestClock::TestClock() { Write(); }

Instant TestClock::Now() const {
  const auto system = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(system).count() + ahead_;
}

void TestClock::Forward(std::chrono::microseconds time, const std::vector<const Caller*>& servers) {
  ahead_ += std::max<std::chrono::microseconds>(time, kStep).count();
  Write();
  for (const Caller* server : servers) {
    int looks = 0;
    while (!IsServed(*server)) {
      if (++looks == kLooksMax) throw std::runtime_error("a server is not served any more after its clock was moved");
      std::this_thread::sleep_for(kBetweenLooks);
    }
  }
}

void TestClock::ForwardTo(Instant instant, const std::vector<const Caller*>& servers) {
  if (const Instant now = Now(); instant > now) Forward(std::chrono::microseconds(instant - now), servers);
}

std::string TestClock::path() const { return (directory_.path() / "clock").string(); }

// Where it stands: the file is mapped by servers.
void TestClock::Write() const {
  const int file = open(path().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const bool written = file >= 0 && pwrite(file, &ahead_, sizeof ahead_, 0) == sizeof ahead_;
  if (file >= 0) close(file);
  if (!written) throw std::runtime_error("cannot write " + path());
}

}  // namespace loyalty::test
