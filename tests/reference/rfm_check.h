// Compares RFM and cohort tables of the real receipts with the reference answers.
#pragma once

#include <filesystem>
#include <ostream>

namespace loyalty::reference {

// Reads receipts_*.csv.gz in `data`, computes the scores of every customer and the cohort tables, and compares all of
// it exactly with data/reference/rfm_*.csv.gz and rfm_cohort_reference.json. Prints one line per table; a table that
// differs says where and adds one to `failures`. Throws std::runtime_error for a file that cannot be read.
void CheckRfm(const std::filesystem::path& data, std::ostream& out, int& failures);

}  // namespace loyalty::reference
