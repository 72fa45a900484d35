// The retention figures of a program as a page to read: one HTML file that needs nothing beside it, not even a network.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace loyalty::client {

enum class PageLanguage : std::uint8_t { kEnglish, kGerman };

// The page that shows `data_json`, one JSON object in UTF-8. Nothing in it is taken for markup, whatever it holds; a
// page of what is no JSON object is empty. Days are "2026-06-30", months "2026-06", money is in minor units, shares are
// from 0 to 1. Of the parts below only the first four have to be there; one that is missing or null is replaced by a
// sentence that says so. A code the page does not know is shown as it is.
//
//   title, currency, currency_exponent, as_of
//   members       how many there are
//   stages        [{stage, members, spend_minor, segments: [{segment, members, spend_minor}]}]
//   lost_stages   [{lost_stage: "L1".."L6", members, spend_minor}]
//   flow          {dates: 2 to 13 days, links: [{step, from, to, members}]}: between dates[step] and dates[step + 1];
//                 from "NONE": no member yet
//   rfm           {cells: [{recency: 1..5, frequency: 1..5, members, spend_minor}]}
//   cohorts       [{month, members: [size, came back a month later, two months later, ...]}]
//   calibration   {until, holdout_until, model, withheld, withheld_reason: shown|no_contrast|calibration|total_bias,
//                 calibration_error, total_bias, auc: [{score, auc}], ranking: one of the scores,
//                 deciles: [{predicted, observed}]}; scores: probability|recency|overdue_ratio|constant
//   candidates    {worth_total, worth_value_minor, not_worth_total, worth: [...], not_worth: [...]}, both lists of
//                 {member, segment, lost_stage, reason, days_overdue, cycle_days, value_minor, probability or null,
//                 action, expires, holdout}, the second with why_not; 100 of each are shown
//   notes         sentences to end with
std::string RenderPage(std::string_view data_json, PageLanguage language);

}  // namespace loyalty::client
