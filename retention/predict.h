// What a model of the BG/NBD family says of one customer. Times in days. Every function wants a valid model and a valid
// history, is pure, and gives finite, non-negative answers for x up to 10,000 and T up to 30 years (tested); nothing
// here asks the clock.
//
// With K = r + k x: given that the customer stayed after the last purchase, the stages since then are negative binomial
// with size K and odds (T - t_x) / (alpha + t_x).
#pragma once

#include "retention/history.h"
#include "retention/model.h"

namespace loyalty::retention {

// P(not gone for good now), 0..1. Hardie's note 21 for BG/NBD, where it is exactly 1 for a one-time buyer; Batislam
// et al. 2007 for MBG/NBD; Platzer, Reutterer 2016 for Erlang gaps. Not a score to rank by: see ProbabilityToBuy.
double ProbabilityAlive(const Model& model, const History& history);

// P(buys at least once within the next `days` >= 0), 0..1. Closed form: P(alive) (1 - ((alpha+T)/(alpha+T+days))^K)
// for k = 1, and the sum over the stage that the running gap is in for k > 1.
double ProbabilityToBuy(const Model& model, const History& history, double days);

// Expected purchase days within the next `days` >= 0. Equal to eq. 10 of Fader, Hardie, Lee 2005, but as a sum over the
// number of stages, all of whose terms are positive: nothing cancels and nothing overflows. Exact for k > 1 too.
// Time: that of PurchasesOfStages (stages.h), k times.
double ExpectedPurchases(const Model& model, const History& history, double days);

// P(exactly n purchase days within `days` after the first one), n >= 0, of a new customer (eq. 8 of the same paper).
// Time: proportional to k n.
double ProbabilityOfCount(const Model& model, int n, double days);

// Overdue: the share of gaps this customer would have ended by now had it stayed, F(T - t_x), 0..1. Lomax for k = 1,
// incomplete beta for k > 1.
double Overdue(const Model& model, const History& history);

// The gap, in days, which the customer exceeds with probability 1/2 while it stays: its personal cycle. Few purchases
// leave it near the median of everybody. Closed form for k = 1, else by bisection to 1e-9 of itself.
double PersonalCycleDays(const Model& model, const History& history);

// Days from the first purchase until Overdue is `phi`, 0 < phi < 1, when nothing is bought meanwhile. Not before the
// last purchase. Infinite when that is more than 1e9 days.
double OverdueAtDays(const Model& model, const History& history, double phi);

// Days from the first purchase until ProbabilityAlive falls to `theta`, 0 < theta < 1, when nothing is bought
// meanwhile; the last purchase itself when it is not above `theta` even then. Infinite when that is more than 1e9 days,
// or never: BG/NBD has no such day for a one-time buyer.
double AliveUntilDays(const Model& model, const History& history, double theta);

// --- the same without the customer's own times ---
//
// With s = (T - t_x) / (alpha + t_x) everything above depends on k, x and s alone, so that a table by x gives the day
// of any crossing: t_x + s (alpha + t_x) after the first purchase.

// The s of OverdueAtDays.
double OverdueAtOdds(const Model& model, std::int32_t repeats, double phi);

// The s of AliveUntilDays; 0 when P(alive) is not above `theta` even at the last purchase, infinite when it never falls
// so far.
double AliveUntilOdds(const Model& model, std::int32_t repeats, double theta);

// P(buys within its own personal cycle) after a silence of s.
double ProbabilityInOwnCycle(const Model& model, std::int32_t repeats, double s);

// The first s, to 1e-10 of itself, from which on ProbabilityInOwnCycle is below `epsilon`, 0 < epsilon < 1; 0 when it
// is so from the last purchase on.
double HopelessAtOdds(const Model& model, std::int32_t repeats, double epsilon);

}  // namespace loyalty::retention
