#include "tests/retention/simulate.h"

#include <cmath>
#include <random>

namespace loyalty::retention {

std::ostream& operator<<(std::ostream& os, const Model& m) {
  return os << "kind " << static_cast<int>(m.kind) << " k " << m.k << " r " << m.r << " alpha " << m.alpha << " a "
            << m.a << " b " << m.b << " days_per_unit " << m.days_per_unit;
}

std::ostream& operator<<(std::ostream& os, const History& h) {
  return os << "x " << h.repeats << " t_x " << h.recency_days << " T " << h.age_days << " ln " << h.sum_ln_gap;
}

}  // namespace loyalty::retention

namespace loyalty::test {

using retention::Model;

std::vector<Simulated> Simulate(const Model& model, const SimulationOptions& options) {
  std::mt19937_64 random(options.seed);
  std::gamma_distribution<double> rate(model.r, 1 / retention::AlphaDays(model));
  std::gamma_distribution<double> leaves(model.a, 1);
  std::gamma_distribution<double> stays(model.b, 1);
  std::gamma_distribution<double> stages(model.k, 1);
  std::uniform_int_distribution<int> age(options.age_days_min, options.age_days_max);
  std::uniform_real_distribution<double> uniform(0, 1);

  std::vector<Simulated> customers;
  for (int i = 0; i < options.customers; ++i) {
    const double lambda = rate(random);
    const double leaving = leaves(random);
    const double p = leaving / (leaving + stays(random));
    Simulated customer;
    customer.history.age_days = age(random);
    customer.alive = model.kind == retention::ModelKind::kBgNbd || uniform(random) >= p;
    bool stayed = customer.alive;
    for (double at = 0; stayed;) {
      at += stages(random) / lambda;
      if (!(at <= customer.history.age_days + options.days_after)) break;
      stayed = uniform(random) >= p;
      if (at > customer.history.age_days) {
        ++customer.purchases_after;
        continue;
      }
      customer.alive = stayed;
      const double day = std::ceil(at);
      if (day == customer.history.recency_days) continue;
      customer.history.sum_ln_gap += retention::LnGap(static_cast<std::int64_t>(day - customer.history.recency_days));
      customer.history.recency_days = day;
      ++customer.history.repeats;
    }
    customers.push_back(customer);
  }
  return customers;
}

std::vector<retention::History> HistoriesOf(const std::vector<Simulated>& customers) {
  std::vector<retention::History> histories;
  for (const Simulated& customer : customers) histories.push_back(customer.history);
  return histories;
}

}  // namespace loyalty::test
