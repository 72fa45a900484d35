// The one list of tables. Whoever adds one adds a line here, its descriptor in tables/, and a migration.
#pragma once

#include "storage/tables/alerts.h"
#include "storage/tables/counts.h"
#include "storage/tables/days.h"
#include "storage/tables/jobs.h"
#include "storage/tables/ledger.h"
#include "storage/tables/lookups.h"
#include "storage/tables/members.h"
#include "storage/tables/moves.h"
#include "storage/tables/operators.h"
#include "storage/tables/people.h"
#include "storage/tables/program.h"
#include "storage/tables/receipts.h"
#include "storage/tables/redemptions.h"
#include "storage/tables/requests.h"
#include "storage/tables/runs.h"
#include "storage/tables/seals.h"

namespace loyalty::storage {

template <typename... Rows>
struct RowList {
  template <template <typename> typename Of>
  using Tuple = std::tuple<Of<Rows>...>;
};

// In the order of their ranks: names and views, then what is locked, then what hangs on locked rows, then seals. Rows
// that no member owns (stock, counters, codes) stand behind members and receipts.
using AllRows =
    RowList<MemberNameRow, ReceiptNumberRow, FiscalNumberRow, DayNeighboursRow, EarnedOfDayRow, SpentSinceRow,
            SpentUnderRow,                                                                                  //
            ProgramRow, PrincipalRow, OperatorRow, LeaseRow, JobRow, MemberRow, ReceiptRow, RedemptionRow,  //
            IdentifierRow, MemberProfileRow, MemberKeyRow, MemberDayRow, EntryRow, OpenLotRow,              //
            PendingLotRow, AllocationRow, ReceiptLineRow, EffectRow, RedemptionShareRow, CommandRow,        //
            RequestRow, VisitRow, TransitionRow, AlertRow, CatalogueRow, StoreRow, TerminalRow, TerminalEpochRow,
            KeyRow, EnrollmentCodeRow, OperatorSessionRow,                   //
            CardRangeRow, AuditRow, ReadLogRow, RetentionRunRow, SecretRow,  //
            LookupCountRow,                                                  //
            SealRow>;

}  // namespace loyalty::storage
