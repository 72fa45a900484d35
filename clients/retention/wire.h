// What a server answers, as the reports of this folder.
#pragma once

#include "clients/retention/cohorts.h"
#include "clients/retention/fits.h"
#include "clients/retention/segments.h"
#include "clients/retention/trial.h"
#include "loyalty/v1/retention_service.pb.h"

namespace loyalty::client {

// The wire's name of a model; MODEL_KIND_UNSPECIFIED for none.
v1::ModelKind ToWire(retention::ModelKind kind);

// "MBG/NBD"; empty for none.
std::string ModelTitle(v1::ModelKind kind);

// Fill all of a report but its request.
void Fill(const std::string& name, const v1::FitRun& run, FitReport& report);
void Fill(const std::string& name, const v1::BacktestRun& run, Trial& trial);
void Fill(const v1::ScoreRfmResponse& from, SegmentReport& report);
void Fill(const v1::GetCohortReportResponse& from, CohortReport& report);

void AddTo(const retention::RfmCutPoints& cut_points, v1::ScoreRfmRequest& request);

SegmentedCustomer CustomerOf(const v1::RfmMember& member);

}  // namespace loyalty::client
