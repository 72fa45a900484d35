// The reports of this folder, computed by a server from the receipts it has.
#pragma once

#include "clients/retention/cohorts.h"
#include "clients/retention/fits.h"
#include "clients/retention/segments.h"
#include "clients/retention/trial.h"
#include "clients/session.h"

namespace loyalty::client {

// Each asks for what report.request (or report.window) says and fills in the rest. The first three are stored by the
// server, and safe to repeat. Failures: kRefused, kUnreachable, kLocalIo.
Outcome FitOnServer(Session& session, FitReport& report);
Outcome TrialOnServer(Session& session, Trial& trial);
// By the members' ranks, or by `given`. `with_customers`: also every member, page by page.
Outcome SegmentsOnServer(Session& session, const ReceiptWindow& window,
                         const std::optional<retention::RfmCutPoints>& given, bool with_customers,
                         SegmentReport& report);
Outcome CohortsOnServer(Session& session, CohortReport& report);

// Prints what the server has stored, newest first, at most `limit` runs.
Outcome ShowRuns(Session& session, std::int64_t limit);

// Has the server recompute the statistics of all members, or of one (members/M; empty: all), from their receipts, and
// prints what it found. Failures: also kRefused when they differ.
Outcome VerifyOnServer(Session& session, const std::string& member);

}  // namespace loyalty::client
