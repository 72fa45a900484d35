// Pages: how many rows, and where the next one starts.
#pragma once

#include <string>
#include <string_view>

#include "domain/keys.h"
#include "domain/result.h"
#include "domain/time.h"

namespace loyalty {

// An opaque token that leads to `position` of the list `scope` (method, parent and filters): base64url with a MAC and
// the id of its key, so that nobody can make one up or take it to another list.
std::string MakePageToken(const ProgramKeys& keys, std::string_view scope, std::string_view position);

// The position; empty for an empty token. Errors: kPageTokenInvalid, also where the key is not known here.
Result<std::string> ReadPageToken(const ProgramKeys& keys, std::string_view scope, std::string_view token);

// Rows of a page: 0 is 50, more than 1,000 is 1,000. Errors: kInvalidArgument (page_size): below 0.
Result<int> PageSize(int asked);

// Size and token of a request for a page of `scope`. Errors: as above, in this order.
template <typename Request>
Status CheckPage(const Request& request, const ProgramKeys& keys, std::string_view scope) {
  if (const auto size = PageSize(request.page_size()); !size) return size.error();
  if (const auto position = ReadPageToken(keys, scope, request.page_token()); !position) return position.error();
  return Ok{};
}

// A page of rows with ids from 1, newest first: `read(before, limit) -> rows`, `add(row)` puts one into the response. A
// request that CheckPage has let pass.
template <typename Request, typename Response, typename Read, typename Add>
void FillNewestFirst(const Request& request, const ProgramKeys& keys, std::string_view scope, const Read& read,
                     const Add& add, Response& response) {
  const int size = *PageSize(request.page_size());
  const std::string position = *ReadPageToken(keys, scope, request.page_token());
  auto rows = read(position.empty() ? kNever : std::stoll(position), size + 1);
  response.Clear();
  if (static_cast<int>(rows.size()) > size) {
    rows.pop_back();
    response.set_next_page_token(MakePageToken(keys, scope, std::to_string(rows.back().id)));
  }
  for (const auto& row : rows) add(row);
}

}  // namespace loyalty
