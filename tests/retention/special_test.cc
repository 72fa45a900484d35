#include "retention/special.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

// Log-uniform within low..high.
rc::Gen<double> Between(double low, double high) {
  return rc::gen::map(rc::gen::inRange(0, 1'000'001), [=](int step) { return low * std::pow(high / low, step / 1e6); });
}

TEST(LogGamma, TableValues) {
  // Computed with 50 digits.
  EXPECT_NEAR(LogGamma(1), 0, 1e-14);
  EXPECT_NEAR(LogGamma(2), 0, 1e-14);
  EXPECT_NEAR(LogGamma(0.5), 0.57236494292470008707, 1e-14);
  EXPECT_NEAR(LogGamma(1e-3), 6.9071788853838535, 1e-13);
  EXPECT_NEAR(LogGamma(12.5) / 18.734347511936446, 1, 1e-14);
  EXPECT_NEAR(LogGamma(1e6) / 12815504.569147611, 1, 1e-14);
}

TEST(LogGamma, AgreesWithTheStandardLibrary) {
  test::Check([] {
    const double x = *Between(1e-6, 1e9);
    RC_ASSERT(std::abs(LogGamma(x) - std::lgamma(x)) <= 1e-14 * (10 + std::abs(std::lgamma(x))));
  });
}

TEST(LogGammaRatio, IsTheLogarithmOfARisingFactorial) {
  test::Check([] {
    const double x = *Between(1e-3, 1e8);
    const int steps = *rc::gen::inRange(0, 40);
    double ln = 0;
    for (int i = 0; i < steps; ++i) ln += std::log(x + i);
    RC_ASSERT(std::abs(LogGammaRatio(x, steps) - ln) <= 1e-12 * (1 + std::abs(ln)));
  });
}

TEST(Digamma, TableValues) {
  EXPECT_NEAR(Digamma(1), -0.57721566490153286061, 1e-15);
  EXPECT_NEAR(Digamma(0.5), -1.9635100260214234794, 1e-14);
  EXPECT_NEAR(Digamma(12), 2.4426616799758120167, 1e-14);
  EXPECT_NEAR(Digamma(1e-3), -1000.5755719318103, 1e-10);
  EXPECT_NEAR(Digamma(1e6), 13.815510057964190771, 1e-13);
}

TEST(Digamma, RisesByOneOverX) {
  test::Check([] {
    const double x = *Between(1e-3, 1e6);
    RC_ASSERT(std::abs(Digamma(x + 1) - Digamma(x) - 1 / x) <= 1e-13 * (1 + 1 / x));
  });
}

TEST(NegativeBinomial, TailAndHeadAreWhole) {
  test::Check([] {
    const int m = *rc::gen::inRange(1, 13);
    const double size = *Between(1e-4, 1e5);
    const double odds = *Between(1e-8, 1e8);
    const double tail = NegativeBinomialTail(m, size, odds);
    const double head = std::exp(LogNegativeBinomialHead(m, size, odds));
    RC_ASSERT(tail >= 0 && tail <= 1);
    RC_ASSERT(std::abs(tail + head - 1) <= 1e-10);
  });
}

// With size 1 it is geometric: P(N >= m) = z^m.
TEST(NegativeBinomial, SmallTailsKeepTheirDigits) {
  for (const double odds : {1e-6, 1e-3, 0.1, 3.0}) {
    for (const int m : {1, 2, 5, 12}) {
      const double expected = std::pow(odds / (1 + odds), m);
      EXPECT_NEAR(NegativeBinomialTail(m, 1, odds) / expected, 1, 1e-11) << m << " " << odds;
    }
  }
}

TEST(NegativeBinomial, HeadIsFiniteWhereItsProbabilityIsNot) {
  EXPECT_NEAR(LogNegativeBinomialHead(1, 1e5, 1), -1e5 * std::log(2.0), 1e-6);
  EXPECT_EQ(NegativeBinomialTail(1, 1e5, 1), 1);
  EXPECT_EQ(NegativeBinomialTail(3, 5, 0), 0);
}

}  // namespace
}  // namespace loyalty::retention
