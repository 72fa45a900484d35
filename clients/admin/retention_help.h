// What stands at the end of --help of the retention commands.
#pragma once

namespace loyalty::client {

inline constexpr char kRetentionHelp[] =
    "The commands ask the server, which computes from the receipts of its members and stores what fit, backtest and "
    "rfm\n"
    "find. With --receipts they read a receipts CSV instead, plain or gzip, as loyalty-till replay does (its --help "
    "names\n"
    "the columns), and need neither a server nor a key; a customer is then a card as the file gives it. The same\n"
    "receipts give the same figures.\n\n"
    "A purchase is a sale with goods on it, worth the goods after discounts; sales without a card, returns and empties "
    "do\n"
    "not count. Several purchases on a day are one purchase day. The day is the store's: business_date, in a file\n"
    "without it the date that business_time begins with. A wrong receipt in a file ends the command with its line, "
    "and\n"
    "nothing is computed.\n\n"
    "Examples:\n"
    "  loyalty-admin retention fit --until 2026-06-30\n"
    "  loyalty-admin retention backtest --until 2026-06-30 --holdout-until 2026-09-30\n"
    "  loyalty-admin retention rfm --receipts receipts.csv.gz --until 2026-06-30 --output json >segments.json\n"
    "  loyalty-admin retention verify\n"
    "  loyalty-admin retention lift --csv experiment.csv --control control";

inline constexpr char kFitHelp[] =
    "BG/NBD, MBG/NBD, MBG/CNBD-k (the k that fits best) and Gamma-Gamma, by maximum likelihood. Time runs from a\n"
    "customer's first purchase day to the end of --until.\n\n"
    "JSON: until, receipts, currency, median_cycle_days, and models, each with\n"
    "  name               bg_nbd, mbg_nbd, mbg_cnbd_k, gamma_gamma\n"
    "  parameters         r, alpha (in time_unit), a, b; p, q, gamma (in units of the currency); null: not fitted\n"
    "  standard_errors    of the parameters; null where the data does not tell\n"
    "  log_likelihood     with times in time_unit; of k > 1 with the gaps, so that it compares between models\n"
    "  customers          in the fit; left_out could not be taken\n"
    "  status             converged; boundary (predictions are known, some parameters are not; of Gamma-Gamma: the "
    "plain\n"
    "                     mean is taken); not_converged; too_thin; no_mean (Gamma-Gamma). status_text says it in "
    "words,\n"
    "                     usable whether to use it\n"
    "  mean, prior_days   of Gamma-Gamma: everybody's value of a purchase day, and how many days of one's own it "
    "weighs\n"
    "Of a server also run, where it is stored, and model_run: the run whose model the server works with, this one, an\n"
    "earlier one when nothing of this one is good enough, or null (recency and own rate). Numbers have all their "
    "digits.\n\n"
    "Examples:\n"
    "  loyalty-admin retention fit --receipts receipts.csv.gz --until 2026-06-30\n"
    "  loyalty-admin retention fit --receipts receipts.csv.gz --until 2026-06-30 --unit days --k-max 12 --output json";

inline constexpr char kBacktestHelp[] =
    "The model knows the receipts until --until. Its probability to buy again until --holdout-until is compared with\n"
    "what happened, and its ranking with those of simpler scores: recency, days since the last purchase in own gaps, "
    "and\n"
    "a constant. AUC: 1 ranks perfectly, 0.5 is chance. Brier score and log loss: 0 is best. Calibration error: mean\n"
    "distance of foretold and happened over tenths of the customers. Total bias: purchase days foretold too many.\n"
    "Probabilities are withheld above an error of 5 % or a bias of 25 %, or what the catalogue of the server says; "
    "JSON\n"
    "has the limits as calibration_error_max and total_bias_max.\n\n"
    "Example:\n"
    "  loyalty-admin retention backtest --receipts r.csv.gz --until 2026-06-30 --holdout-until 2026-12-31";

inline constexpr char kRfmHelp[] =
    "Each customer gets scores from 1 to 5 for recency, purchase days and spend by its rank among all, equal values "
    "the\n"
    "lowest rank of theirs, and from the three scores one of eleven segments. With --output json every customer is\n"
    "listed: card (of a server member), recency_days, purchase_days, spend_minor (in minor units), recency, frequency, "
    "monetary, "
    "segment.\n\n"
    "--cut-points scores by what a file says, so that a score means what it meant in an earlier run, or what the shop\n"
    "wants: the JSON of an earlier rfm, or the object cut_points alone, where scores 2, 3, 4 and 5 begin (null: "
    "nobody).\n\n"
    "Examples:\n"
    "  loyalty-admin retention rfm --receipts receipts.csv.gz --until 2026-06-30\n"
    "  loyalty-admin retention rfm --until 2026-06-30 --output json >june.json\n"
    "  loyalty-admin retention rfm --until 2026-07-31 --cut-points june.json";

inline constexpr char kCohortsHelp[] =
    "One row for each month in which customers first bought, and how many of them bought in each month after it. With\n"
    "--from, who bought before that day counts as new.\n\n"
    "Example:\n"
    "  loyalty-admin retention cohorts --receipts receipts.csv.gz --from 2025-01-01 --until 2026-06-30";

inline constexpr char kLiftHelp[] =
    "The file has a header and one row for each member that was assigned to an arm, reached or not. Columns in any "
    "order:\n"
    "  arm        its name\n"
    "  converted  0 or 1: what is judged\n"
    "  spend      during the experiment, 0 for nothing\n"
    "Optional: visit (0 or 1; stands beside it, with a correction of its own) and pre_spend (spend before the "
    "assignment;\n"
    "  sharpens the comparison of spend: CUPED). Other columns are ignored.\n\n"
    "A difference is proven when its p value, by Holm's correction for all arms, is below --alpha. Without "
    "--worthwhile\n"
    "the members still needed are for a difference as large as the one seen, a weak guess. When arms are not as large\n"
    "as planned (p < 0.001), nothing is read from them.\n\n"
    "Examples:\n"
    "  loyalty-admin retention lift --csv experiment.csv --control control\n"
    "  loyalty-admin retention lift --csv experiment.csv --control none --share none=0.1 --worthwhile 0.01 --output "
    "json";

}  // namespace loyalty::client
