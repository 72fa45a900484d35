// What a scan is answered, in the size and shape of a real answer.
#pragma once

#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty::test {

inline v1::ScanResponse TypicalAnswer() {
  v1::ScanResponse answer;
  v1::ScanResult& result = *answer.mutable_result();
  result.set_member("members/0123456789abcdef");
  result.set_member_seq(7);
  v1::Sale& sale = *result.mutable_sale();
  sale.set_name("receipts/0123456789abcdef");
  sale.set_business_date("2026-01-31");
  sale.set_points_earned(23);
  v1::Effect& effect = *sale.add_effects();
  effect.set_rule("base");
  effect.set_catalogue_version(1);
  effect.set_points_desired(23);
  effect.set_points_awarded(23);
  effect.set_basis_minor(2'398);
  sale.add_entries("members/0123456789abcdef/entries/7");
  v1::MemberSnapshot& view = *answer.mutable_member_snapshot();
  view.set_name("members/0123456789abcdef");
  view.mutable_balance()->set_available(4'711);
  view.mutable_balance()->set_available_value_minor(4'700);
  return answer;
}

}  // namespace loyalty::test
