// Standings, moves and views of the lifecycle in the words of the API.
#pragma once

#include <map>
#include <string>

#include "domain/keys.h"
#include "loyalty/v1/lifecycle.pb.h"
#include "loyalty/v1/retention_service.pb.h"
#include "services/catalogue/snapshot.h"
#include "storage/transitions.h"

namespace loyalty {

void FillStanding(const retention::Standing& standing, v1::LifecycleStanding& out);

// A member's course as of now. Nothing is filled before the first classification.
void FillLifecycleView(const Snapshot& snapshot, const retention::Facts& facts, const retention::LifecycleState& state,
                       Instant now, v1::LifecycleView& out);

// The state that a member has come to by `day`, which nothing has been written of yet.
retention::LifecycleState StateOn(const LifecycleMeasure& measure, const retention::Facts& facts,
                                  const retention::LifecycleState& stored, Day day);

// `member`: the public id.
void FillTransition(const storage::TransitionRow& row, std::int64_t public_id, const ProgramKeys& keys,
                    v1::LifecycleTransition& out);

// What to say to members of a segment: the catalogue's words, else ours in German for "de", else in English.
std::string SuggestionFor(const RetentionPlan& plan, retention::Segment segment, std::string_view language);

// True when the member with this public name is in the control group.
bool IsHeldOut(const RetentionPlan& plan, std::string_view member_name);

// What a lost stage calls for. The numbers of both are the same.
v1::ReactivationAction ActionFor(retention::LostStage lost);

}  // namespace loyalty
