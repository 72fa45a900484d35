// How exact and how fast the functions of retention/special.h and retention/distribution.h are, beside Boost.Math in
// double precision; both against Boost.Math with 50 digits. What docs/adr/0024 rests on.
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

#include "retention/distribution.h"
#include "retention/special.h"

namespace {

using boost::math::complement;
namespace bp = boost::math::policies;
namespace ours = loyalty::retention;
using Exact = boost::multiprecision::cpp_bin_float_50;
// As the programs would call it: in double precision, and never throwing.
using Policy = bp::policy<bp::promote_double<false>, bp::promote_float<false>, bp::domain_error<bp::ignore_error>,
                          bp::pole_error<bp::ignore_error>, bp::overflow_error<bp::ignore_error>,
                          bp::evaluation_error<bp::ignore_error>>;
constexpr Policy kPolicy;
using Normal = boost::math::normal_distribution<double, Policy>;
using Student = boost::math::students_t_distribution<double, Policy>;
using ChiSquare = boost::math::chi_squared_distribution<double, Policy>;

struct Point {
  double x, y;
  int n;
};
using Function = std::function<double(const Point&)>;

std::mt19937_64 generator(1);
double Between(double low, double high) {
  return low * std::pow(high / low, std::uniform_real_distribution<double>()(generator));
}
std::vector<Point> Points(std::size_t count, double x_low, double x_high, double y_low = 1, double y_high = 1,
                          int n = 1) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < count; ++i)
    points.push_back({Between(x_low, x_high), Between(y_low, y_high), 1 + static_cast<int>(generator() % n)});
  return points;
}

double NsPerCall(const Function& function, const std::vector<Point>& points) {
  double best = 1e9;
  volatile double sink = 0;
  for (int round = 0; round < 7; ++round) {
    const auto start = std::chrono::steady_clock::now();
    int calls = 0;
    double ns = 0;
    do {
      for (const Point& point : points) sink = sink + function(point);
      calls += static_cast<int>(points.size());
      ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
    } while (ns < 2e7);
    best = std::min(best, ns / calls);
  }
  return best;
}

// Errors relative to the value, or to `unit` where that is larger.
void Compare(const char* name, double unit, const std::vector<Point>& points, const Function& own,
             const Function& boost, const std::function<Exact(const Point&)>& exact) {
  double own_worst = 0;
  double boost_worst = 0;
  int own_bad = 0;
  int boost_bad = 0;
  for (const Point& point : points) {
    const Exact truth = exact(point);
    const auto error = [&](const Function& function, double& worst, int& bad) {
      const double value = function(point);
      const Exact scale = std::max<Exact>(abs(truth), unit);
      const double off = std::isfinite(value) ? static_cast<double>(Exact(abs(Exact(value) - truth) / scale)) : 1;
      if (off > 1e-9) ++bad;
      worst = std::max(worst, off);
    };
    error(own, own_worst, own_bad);
    error(boost, boost_worst, boost_bad);
  }
  const std::vector<Point> few(points.begin(), points.begin() + std::min<std::ptrdiff_t>(200, std::ssize(points)));
  std::printf("%-34s %8.1e %8.1e   %4d %4d   %8.0f %8.0f\n", name, own_worst, boost_worst, own_bad, boost_bad,
              NsPerCall(own, few), NsPerCall(boost, few));
  std::fflush(stdout);
}

}  // namespace

int main() {
  using namespace boost::math;
  std::printf("%-34s %8s %8s   %4s %4s   %8s %8s\n", "", "worst", "error", "off by", "1e-9", "ns", "a call");
  std::printf("%-34s %8s %8s   %4s %4s   %8s %8s\n", "", "ours", "Boost", "ours", "B.", "ours", "Boost");
  Compare(
      "ln Gamma, 1e-6..1e9", 1, Points(2000, 1e-6, 1e9), [](auto& a) { return ours::LogGamma(a.x); },
      [](auto& a) { return lgamma(a.x, kPolicy); }, [](auto& a) { return lgamma(Exact(a.x)); });
  Compare(
      "ln Gamma by lgamma_r", 1, Points(2000, 1e-6, 1e9), [](auto& a) { return ours::LogGamma(a.x); },
      [](auto& a) {
        int sign = 0;
        return ::lgamma_r(a.x, &sign);
      },
      [](auto& a) { return lgamma(Exact(a.x)); });
  const auto ratio = Points(2000, 1e-3, 1e8, 1e-3, 1e3);
  const auto exact_ratio = [](auto& a) { return Exact(lgamma(Exact(a.x) + Exact(a.y)) - lgamma(Exact(a.x))); };
  Compare(
      "ln Gamma(x + q) / Gamma(x), lgamma", 1, ratio, [](auto& a) { return ours::LogGammaRatio(a.x, a.y); },
      [](auto& a) { return lgamma(a.x + a.y, kPolicy) - lgamma(a.x, kPolicy); }, exact_ratio);
  Compare(
      "  the same, tgamma_delta_ratio", 1, ratio, [](auto& a) { return ours::LogGammaRatio(a.x, a.y); },
      [](auto& a) { return -std::log(tgamma_delta_ratio(a.x, a.y, kPolicy)); }, exact_ratio);
  Compare(
      "digamma, 1e-3..1e6", 1, Points(2000, 1e-3, 1e6), [](auto& a) { return ours::Digamma(a.x); },
      [](auto& a) { return digamma(a.x, kPolicy); }, [](auto& a) { return digamma(Exact(a.x)); });
  Compare(
      "negative binomial tail", 1e-300, Points(500, 1e-4, 1e5, 1e-8, 1e3, 12),
      [](auto& a) { return ours::NegativeBinomialTail(a.n, a.x, a.y); },
      [](auto& a) { return ibeta(static_cast<double>(a.n), a.x, a.y / (1 + a.y), kPolicy); },
      [](auto& a) { return Exact(ibeta(Exact(a.n), Exact(a.x), Exact(a.y) / (1 + Exact(a.y)))); });
  Compare(
      "ln negative binomial head", 1, Points(500, 1e-4, 1e5, 1e-8, 1e3, 12),
      [](auto& a) { return ours::LogNegativeBinomialHead(a.n, a.x, a.y); },
      [](auto& a) { return std::log(ibetac(static_cast<double>(a.n), a.x, a.y / (1 + a.y), kPolicy)); },
      [](auto& a) { return Exact(log(ibetac(Exact(a.n), Exact(a.x), Exact(a.y) / (1 + Exact(a.y))))); });
  Compare(
      "normal distribution, -38..-1e-3", 1e-300, Points(2000, 1e-3, 37), [](auto& a) { return ours::NormalCdf(-a.x); },
      [](auto& a) { return cdf(Normal(), -a.x); },
      [](auto& a) { return Exact(erfc(Exact(a.x) / sqrt(Exact(2))) / 2); });
  const auto normal_p = Points(1000, 1e-300, 0.999);
  Compare(
      "normal quantile", 1e-12, normal_p, [](auto& a) { return ours::NormalQuantile(a.x); },
      [](auto& a) { return quantile(Normal(), a.x); },
      [](auto& a) { return Exact(-sqrt(Exact(2)) * erfc_inv(2 * Exact(a.x))); });
  // Exact: 1 - I of the complement, which keeps its digits at any size.
  const auto student = [](auto& a) {
    const Exact df = a.y, t = a.x;
    return Exact(ibeta(df / 2, Exact(0.5), df / (df + t * t)));
  };
  const Function own_student = [](auto& a) { return ours::StudentTwoSided(a.x, a.y); };
  const Function boost_student = [](auto& a) { return 2 * cdf(complement(Student(a.y), a.x)); };
  Compare("Student, df 0.5..1e5", 1e-12, Points(300, 1e-3, 1e3, 0.5, 1e5), own_student, boost_student, student);
  Compare("Student, df 1e5..1e9, t to 8", 1e-12, Points(100, 1e-3, 8, 1e5, 1e9), own_student, boost_student, student);
  Compare("Student, relative, df 1..1e4", 1e-300, Points(300, 1e-3, 30, 1, 1e4), own_student, boost_student, student);
  const auto quantiles = [](auto& a) {
    // By Newton from double precision: one step doubles the digits.
    const Exact df = a.y, p = a.x;
    Exact t = quantile(complement(students_t_distribution<double>(a.y), a.x / 2));
    const boost::math::students_t_distribution<Exact> exact(df);
    for (int step = 0; step < 3; ++step) t += (ibeta(df / 2, Exact(0.5), df / (df + t * t)) - p) / (2 * pdf(exact, t));
    return t;
  };
  Compare(
      "Student quantile, df 1..1e5", 1e-12, Points(200, 1e-12, 0.99, 1, 1e5),
      [](auto& a) { return ours::StudentTwoSidedQuantile(a.x, a.y); },
      [](auto& a) { return quantile(complement(Student(a.y), a.x / 2)); }, quantiles);
  Compare(
      "chi-square tail, df 1..40", 1e-12, Points(1000, 1e-2, 500, 1, 1, 40),
      [](auto& a) { return ours::ChiSquareTail(a.x, a.n); },
      [](auto& a) { return cdf(complement(ChiSquare(a.n), a.x)); },
      [](auto& a) { return Exact(gamma_q(Exact(a.n) / 2, Exact(a.x) / 2)); });
  Compare(
      "chi-square tail, relative", 1e-300, Points(1000, 1e-2, 500, 1, 1, 40),
      [](auto& a) { return ours::ChiSquareTail(a.x, a.n); },
      [](auto& a) { return cdf(complement(ChiSquare(a.n), a.x)); },
      [](auto& a) { return Exact(gamma_q(Exact(a.n) / 2, Exact(a.x) / 2)); });
  return 0;
}
