#include "tests/bench/classifier.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <stdexcept>
#include <thread>

namespace loyalty::test {

Classifier::Classifier(Shop& shop) : admin_(Connect(shop.server().address()), shop.installation().admin_key()) {}

v1::Job Classifier::Start(v1::MeasureChoice measure) const {
  v1::ClassifyMembersRequest request;
  request.set_request_id(NewRequestId("classify"));
  request.set_measure(measure);
  v1::ClassifyMembersResponse response;
  if (!admin_.Call(&v1::RetentionService::Stub::ClassifyMembers, request, &response).ok())
    throw std::runtime_error("a classification was refused");
  return response.job();
}

bool Classifier::HasEnded(const v1::Job& job) const { return Get(job).state() >= v1::JOB_STATE_SUCCEEDED; }

double Classifier::Run(v1::MeasureChoice measure) const {
  const auto begin = std::chrono::steady_clock::now();
  const v1::Job job = Start(measure);
  while (true) {
    const v1::Job now = Get(job);
    if (now.state() == v1::JOB_STATE_SUCCEEDED) break;
    if (now.state() > v1::JOB_STATE_SUCCEEDED) throw std::runtime_error("a classification failed: " + now.error());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

v1::Job Classifier::Get(const v1::Job& job) const {
  v1::GetJobRequest request;
  request.set_name(job.name());
  v1::GetJobResponse response;
  if (!admin_.Call(&v1::JobService::Stub::GetJob, request, &response).ok()) throw std::runtime_error("a job is gone");
  return response.job();
}

void MakeDiverse(RawDatabase& database) {
  database.Execute(database.begin());
  database.Execute(
      fmt::format("UPDATE members SET days = 1 + (id * 7919) % 11, first_day = {0} - 720 + (id * 31) % 500, "
                  "last_day = {0} - 220 + (id * 17) % 220, amount = 1000 + (id * 104729) % 90000, "
                  "sum_ln_gap = 4294967296 * (1 + (id * 7919) % 11) * 3",
                  std::time(nullptr) / 86'400));
  database.Execute("UPDATE members SET last_day = first_day, sum_ln_gap = 0 WHERE days = 1");
  database.Execute(
      "UPDATE members SET q1_amount = amount, q2_amount = 0, q3_amount = 0, q4_amount = 0, "
      "receipts = days, first_day_amount = amount / days, last_day_amount = amount / days");
  database.Execute("COMMIT");
}

}  // namespace loyalty::test
