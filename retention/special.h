// Special functions without global state (std::lgamma writes `signgam`), each to about 1e-14 unless it says otherwise.
// What libraries have as exact and as fast is theirs: docs/adr/0024-less-of-our-own.md.
#pragma once

namespace loyalty::retention {

// ln G(x), x > 0.
double LogGamma(double x);

// ln G(x + q) - ln G(x), x > 0, q >= 0, without the cancellation of the difference when x is large.
double LogGammaRatio(double x, double q);

// psi(x) = d/dx ln G(x), x > 0.
double Digamma(double x);

// A negative binomial number N counts what happens in a time t at a rate ~ Gamma(size, rate s):
//   P(N = i) = G(size + i) / (G(size) i!) (1 - z)^size z^i,  z = t / (s + t).
// It is given by `odds` = z / (1 - z) = t / s, which keeps small and large times exact. size > 0, odds >= 0 finite,
// m >= 1 and small: the time is proportional to it. P(N >= m) is the regularised incomplete beta function I_z(m, size).

// ln P(N < m); finite where P itself is far below the smallest double.
double LogNegativeBinomialHead(int m, double size, double odds);

// P(N >= m), relative to its own size, however small.
double NegativeBinomialTail(int m, double size, double odds);

}  // namespace loyalty::retention
