// Where members stand, from the server, for people or for programs.
#pragma once

#include <string>
#include <vector>

#include "clients/session.h"
#include "loyalty/v1/lifecycle.pb.h"

namespace loyalty::client {

// "At Risk", "lost L4": the segment and, where there is one, the lost stage.
std::string SegmentText(const v1::LifecycleStanding& standing);
// "REACTIVATE".
std::string StageText(v1::LifecycleStage stage);
// "silent for longer than nearly all gaps of such a customer".
std::string RuleText(v1::LifecycleRuleKind rule);

// As of a day; empty: yesterday.
Outcome ShowStages(Session& session, const std::string& as_of);
Outcome ShowRfmMatrix(Session& session, const std::string& as_of);
// Everything behind one member's standing.
Outcome ShowLifecycle(Session& session, const std::string& member);
// Who stood where on the first day, and where on the last.
Outcome ShowMatrix(Session& session, const std::vector<std::string>& dates);

struct ClassifyOptions {
  std::string measure = "auto";  // or "keep", "new"
  bool everybody = false;
};
Outcome Classify(Session& session, const ClassifyOptions& options);

struct CandidateOptions {
  bool not_worth = false;
  std::string lost_stage;  // "L4"; empty: all
  std::string store;
  std::int64_t min_value_minor = 0;
  std::int64_t limit = 50;
};
Outcome ShowCandidates(Session& session, const CandidateOptions& options);

struct MoveOptions {
  std::string direction = "any";  // or "forward", "backward"
  std::string cause = "any";      // or "receipt", "timer", "refit", "manual", "merge"
  std::string from, until;
  std::string member;                // empty: of everybody
  std::string from_stage, to_stage;  // "RETAIN"; empty: all
  std::int64_t limit = 50;
};
Outcome ShowMoves(Session& session, const MoveOptions& options);
// Moves as they happen, a line each, until the program is stopped; those after a position first.
Outcome FollowMoves(Session& session, std::int64_t position);

}  // namespace loyalty::client
