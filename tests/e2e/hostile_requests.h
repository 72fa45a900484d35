// Good requests of every method, with every text filled in, to be spoilt one value at a time.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace loyalty::test {

// A request that the server would accept, or answer, for an admin.
struct GoodRequest {
  std::string path;  // /loyalty.v1.TerminalService/Scan
  std::shared_ptr<const google::protobuf::Message> message;
};

// One of each unary method; `member` and `redemption` exist, and so does what SetUpProgram makes.
std::vector<GoodRequest> GoodRequests(const std::string& member, const std::string& redemption);

// Calls `visit` with each text field that is set, as its path (receipt.lines.sku) and a copy of the message in which it
// alone was changed to `text`.
void ForEachText(const google::protobuf::Message& message, const std::string& text,
                 const std::function<void(const std::string& field, const google::protobuf::Message& spoilt)>& visit);

}  // namespace loyalty::test
