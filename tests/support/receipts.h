// Receipts for tests: short ways to write one, and random ones.
#pragma once

#include <rapidcheck.h>

#include <ostream>
#include <string>
#include <vector>

#include "domain/receipt.h"

namespace loyalty {

// For counterexamples.
std::ostream& operator<<(std::ostream& os, const Line& line);
std::ostream& operator<<(std::ostream& os, const Payment& payment);
std::ostream& operator<<(std::ostream& os, const Receipt& receipt);

}  // namespace loyalty

namespace loyalty::test {

// A line of goods, gross, one piece; the tax rate in hundredths of a percent.
Line Goods(Minor amount, int tax_rate = 0);
Line LineOf(LineKind kind, Minor amount);

// A sale in EUR whose total is the sum of its lines.
Receipt Sale(std::vector<Line> lines);

// A valid sale of 0 to 12 lines of all kinds, taxes and signs, with payments.
rc::Gen<Receipt> AnyReceipt();

}  // namespace loyalty::test
