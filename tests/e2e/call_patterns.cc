#include "tests/e2e/call_patterns.h"

#include "tests/e2e/abused_store.h"
#include "tests/e2e/caller.h"
#include "tests/support/http2_frames.h"

namespace loyalty::test {
namespace {

using http2::Frame;
using http2::Type;
using std::chrono::milliseconds;

constexpr int kAddresses = 40;
// Calls that a connection begins in one go, every 20 ms: those before are over by then, or count. All of them are what
// a line of 10 Mbit/s takes, and more than a server that has to share two processors can refuse.
constexpr int kCallsPerBurst = 32;
constexpr std::uint32_t kWindow = 1U << 30;

// What a call sends after its headers: its number is the stream's.
using Body = std::function<std::string(std::uint32_t stream)>;

// Calls of a method without end, over a connection of each address. `body`: none: they stay open.
void CallFromEverywhere(Attacker& attacker, const std::string& path, const std::string& key, const Body& body) {
  struct Address {
    std::unique_ptr<RawConnection> connection;
    std::uint32_t stream = 1;
  };
  auto request = http2::Request(path);
  if (!key.empty()) request.emplace_back("authorization", "Bearer " + key);
  std::string first;  // what is said again is a byte: of 10 Mbit/s nothing is wasted
  for (const auto& [name, value] : request) first += http2::KeptField(name, value);
  const std::string next = http2::KeptFields(static_cast<int>(request.size()));
  std::vector<Address> all(kAddresses);
  while (!attacker.stopping()) {
    for (int i = 0; i < kAddresses && !attacker.stopping(); ++i) {
      Address& address = all[static_cast<std::size_t>(i)];
      if (!address.connection || !address.connection->open()) {
        address = {attacker.ConnectNow("127.0.0." + std::to_string(10 + i)), 1};
        if (!address.connection || !attacker.Say(*address.connection, http2::Hello() + http2::WindowUpdate(0, kWindow)))
          continue;
      }
      std::string burst;
      for (int call = 0; call < kCallsPerBurst; ++call, address.stream += 2) {
        burst += Frame(Type::kHeaders, http2::kEndHeaders, address.stream, address.stream == 1 ? first : next);
        if (body) burst += Frame(Type::kData, http2::kEndStream, address.stream, http2::Message(body(address.stream)));
      }
      (void)attacker.Say(*address.connection, burst);
    }
    attacker.Ready();
    attacker.Wait(milliseconds(20));
  }
}

std::string AScan(std::uint32_t) {
  v1::ScanRequest scan = PlainScan(NewRequestId("stolen"), "2600000099");
  scan.set_terminal(TerminalName(2));
  return scan.SerializeAsString();
}

}  // namespace

std::vector<Pattern> CallPatterns(const std::string& key, const std::string& member) {
  const std::string stream = "/loyalty.v1.TerminalService/ScanStream";
  v1::GetMemberRequest wait;
  wait.set_name(member);
  wait.set_min_member_seq(1'000'000'000);
  return {{"streams, no key", [=](Attacker& attacker) { CallFromEverywhere(attacker, stream, "", {}); }},
          {"silent streams", [=](Attacker& attacker) { CallFromEverywhere(attacker, stream, key, {}); }},
          {"a key that scans",
           [=](Attacker& attacker) { CallFromEverywhere(attacker, "/loyalty.v1.TerminalService/Scan", key, AScan); },
           false, true},
          {"a key that reads", [=, asked = wait.SerializeAsString()](Attacker& attacker) {
             CallFromEverywhere(attacker, "/loyalty.v1.MemberService/GetMember", key,
                                [&asked](std::uint32_t) { return asked; });
           }}};
}

}  // namespace loyalty::test
