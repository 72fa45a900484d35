#include "tests/e2e/open_streams.h"

namespace loyalty::test {
namespace {

constexpr int kPerConnection = 128;  // the server's limit
// Nothing here takes so long; a server that keeps them shall not keep the test.
constexpr std::chrono::seconds kMost{60};

}  // namespace

OpenStreams::OpenStreams(const std::string& address, const std::string& key, int count) {
  std::shared_ptr<grpc::Channel> channel;
  for (int i = 0; i < count; ++i) {
    if (i % kPerConnection == 0) channel = Connect(address);
    Open open{std::make_unique<grpc::ClientContext>(), nullptr};
    if (key.empty()) {
      open.context->set_deadline(std::chrono::system_clock::now() + kMost);
    } else {
      Caller(channel, key).Prepare(*open.context, kMost);
    }
    open.stream = v1::TerminalService::NewStub(channel)->ScanStream(open.context.get());
    open_.push_back(std::move(open));
  }
}

OpenStreams::~OpenStreams() {
  for (const Open& open : open_) open.context->TryCancel();
  (void)Ends();
}

std::vector<grpc::Status> OpenStreams::Ends() {
  std::vector<grpc::Status> ends;
  for (Open& open : open_) ends.push_back(open.stream->Finish());
  open_.clear();
  return ends;
}

}  // namespace loyalty::test
