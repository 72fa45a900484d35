// Lists of the server, page by page.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

#include "clients/session.h"

namespace loyalty::client {

inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kPageSizeMax = 1'000;  // the most a server gives at once

// Reads pages until `limit` items are there or the list ends; all of them end up in `all`. `count` answers the number
// of items of a response; `deadline` as in Session::Read.
template <typename Stub, typename Request, typename Response, typename Count>
Outcome ReadPages(const Session& session, Stub& stub,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), std::string_view doing,
                  Request request, std::int64_t limit, Response* all, const Count& count,
                  std::chrono::milliseconds deadline = {}) {
  for (std::int64_t missing = limit; missing > 0;) {
    request.set_page_size(static_cast<std::int32_t>(std::min(missing, kPageSizeMax)));
    Response page;
    if (auto failed = session.Read(stub, method, doing, request, &page, deadline)) return failed;
    missing -= count(page);
    request.set_page_token(page.next_page_token());
    page.clear_next_page_token();
    all->MergeFrom(page);
    if (request.page_token().empty()) return {};
  }
  return {};
}

}  // namespace loyalty::client
