#include "services/rpc/network.h"

#include <gtest/gtest.h>

namespace loyalty {
namespace {

std::vector<Network> Trusted(const std::vector<std::string>& texts) { return *ParseNetworks("trusted-proxy", texts); }

// Whether both are written addresses, and one and the same.
bool AreOne(std::string_view one, std::string_view other) {
  const auto a = ParseAddress(one), b = ParseAddress(other);
  return a && b && a->bytes == b->bytes;
}

TEST(ParseAddress, ReadsWhateverIsWrittenOfOne) {
  for (const char* text : {"192.0.2.1", " 192.0.2.1 ", "192.0.2.1:4711", "ipv4:192.0.2.1:4711", "::ffff:192.0.2.1",
                           "[::ffff:192.0.2.1]:4711", "ipv6:%5B::ffff:192.0.2.1%5D:4711"})
    EXPECT_TRUE(AreOne(text, "192.0.2.1")) << text;
  for (const char* text : {"2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711", "ipv6:%5B2001:db8::1%5D:4711"})
    EXPECT_TRUE(AreOne(text, "2001:db8:0:0:0:0:0:1")) << text;
  for (const char* text : {"", "unknown", "_hidden", "192.0.2", "192.0.2.256", "[2001:db8::1", "unix:/run/x", "::g"})
    EXPECT_FALSE(ParseAddress(text)) << text;
}

TEST(NetworkOf, IsAnAddressOfIpv4AndTheCustomersHalfOfIpv6) {
  const auto network = [](const char* text) { return NetworkOf(*ParseAddress(text)); };
  EXPECT_NE(network("192.0.2.1"), network("192.0.2.2"));
  EXPECT_EQ(network("192.0.2.1"), network("::ffff:192.0.2.1"));
  EXPECT_EQ(network("2001:db8:0:1::1"), network("2001:db8:0:1:ffff::2"));
  EXPECT_NE(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
}

TEST(ParseNetworks, EndsWhereItsBitsEnd) {
  const auto contains = [](const char* network, const char* address) {
    return AnyContains(Trusted({network}), *ParseAddress(address));
  };
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(contains("192.0.2.128/25", "192.0.2.255"));
  EXPECT_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(contains("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(contains("192.0.2.1", "192.0.2.0"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(contains("0.0.0.0/0", "192.0.2.1"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1")) << "all of IPv4, and no more";
  EXPECT_TRUE(contains("::/0", "2001:db8::1"));
  for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/", "::/129", "intranet"})
    EXPECT_FALSE(ParseNetworks("trusted-proxy", {text})) << text;
}

TEST(AddressOfCaller, IsWhomATrustedProxyNamesLast) {
  const auto trusted = Trusted({"10.0.0.0/8", "2001:db8::/64"});
  const auto caller = [&trusted](std::string_view peer, std::string_view forwarded) {
    const auto address = AddressOfCaller(peer, forwarded, trusted);
    std::string text = "none";
    for (const char* known : {"192.0.2.1", "192.0.2.2", "10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8:0:1::1"})
      if (address && ParseAddress(known)->bytes == address->bytes) text = known;
    return text;
  };
  EXPECT_EQ(caller("ipv4:192.0.2.1:1", "192.0.2.2"), "192.0.2.1") << "anybody can send the header";
  EXPECT_EQ(caller("ipv4:192.0.2.1:1", "10.0.0.1"), "192.0.2.1");
  EXPECT_EQ(caller("ipv4:10.0.0.1:1", ""), "10.0.0.1");
  EXPECT_EQ(caller("ipv4:10.0.0.1:1", "192.0.2.2"), "192.0.2.2");
  EXPECT_EQ(caller("ipv4:10.0.0.1:1", "192.0.2.1, 192.0.2.2"), "192.0.2.2") << "the left one came with the call";
  EXPECT_EQ(caller("ipv4:10.0.0.1:1", "192.0.2.1,192.0.2.2 , 10.0.0.2"), "192.0.2.2") << "two proxies";
  EXPECT_EQ(caller("ipv4:10.0.0.1:1", "10.0.0.2"), "10.0.0.2") << "the proxies' own";
  EXPECT_EQ(caller("ipv4:10.0.0.1:1", "192.0.2.1, unknown"), "10.0.0.1");
  EXPECT_EQ(caller("ipv4:10.0.0.1:1", "192.0.2.1, "), "10.0.0.1");
  EXPECT_EQ(caller("ipv6:%5B2001:db8::1%5D:1", "2001:db8:0:1::1"), "2001:db8:0:1::1");
  EXPECT_EQ(caller("ipv6:%5B2001:db8:0:1::1%5D:1", "192.0.2.2"), "2001:db8:0:1::1");
  EXPECT_EQ(caller("unix:", "192.0.2.2"), "none");
}

}  // namespace
}  // namespace loyalty
