// Pages: how many rows, and where the next one starts.
#pragma once

#include <string>
#include <string_view>

#include "domain/ledger.h"

namespace loyalty {

// An opaque token that leads to `position` of the list `scope` (method, parent and filters): base64url with a MAC, so
// that nobody can make one up or take it to another list.
std::string MakePageToken(const ChainKey& key, std::string_view scope, std::string_view position);

// The position; empty for an empty token. Errors: kPageTokenInvalid.
Result<std::string> ReadPageToken(const ChainKey& key, std::string_view scope, std::string_view token);

// Rows of a page: 1 to 1,000; 0 is 50. Errors: kInvalidArgument (page_size).
Result<int> PageSize(int asked);

// Size and token of a request for a page of `scope`. Errors: as above, in this order.
template <typename Request>
Status CheckPage(const Request& request, const ChainKey& key, std::string_view scope) {
  if (const auto size = PageSize(request.page_size()); !size) return size.error();
  if (const auto position = ReadPageToken(key, scope, request.page_token()); !position) return position.error();
  return Ok{};
}

}  // namespace loyalty
