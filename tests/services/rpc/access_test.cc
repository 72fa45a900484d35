// Every method, with every role, every thing it may be about and every state a key can be in: what happens is what its
// option says. Made from the descriptors, so that a method that is added is in it, and one without an option fails.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <condition_variable>

#include "google/rpc/error_details.pb.h"
#include "loyalty/v1/access.pb.h"
#include "tests/services/rpc/call_world.h"

namespace loyalty {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using test::kStart;

constexpr const char* kDenied = "PERMISSION_DENIED";
constexpr const char* kNobody = "UNAUTHENTICATED";

std::string ReasonOf(const google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  for (const auto& detail : status.details())
    if (detail.UnpackTo(&info)) return info.reason();
  return "no reason";
}

// The transport's side of a stream that sends one message, or none, and leaves after the first answer.
class OneAnswer final : public StreamWire {
 public:
  OneAnswer(const Deps& deps, std::string_view method, std::string authorization, const Message& message)
      : StreamWire(deps, method), authorization_(std::move(authorization)), message_(message) {}

  CallOrigin origin() const override { return {authorization_, std::nullopt}; }
  bool IsCancelled() const override {
    const std::lock_guard lock(mutex_);
    return looked_++ > 0;
  }
  void Read(Message& message) override {
    const std::lock_guard lock(mutex_);
    if (!sent_) message.CopyFrom(message_);
    read_ = true;
  }
  void Write(const Message& message) override {
    const auto* field = message.GetDescriptor()->FindFieldByName("error");
    const bool refused = field != nullptr && message.GetReflection()->HasField(message, field);
    End(refused
            ? ReasonOf(dynamic_cast<const google::rpc::Status&>(message.GetReflection()->GetMessage(message, field)))
            : "OK");
  }
  void WriteAndFinish(const Message& message) override { Write(message); }
  void Finish(const Status& status) override { End(status ? "OK" : std::string(ReasonName(status.error().reason))); }
  void FinishCancelled() override { End("CANCELLED"); }

  std::string Outcome(const Method& method) {
    const auto stream = method.open(*this, message_);
    bool read = false;
    {
      const std::lock_guard lock(mutex_);
      read = read_;
      sent_ = true;
    }
    if (read) stream->OnRead(true);
    std::string outcome;
    {
      std::unique_lock lock(mutex_);
      ended_.wait(lock, [this] { return outcome_.has_value(); });
      outcome = *outcome_;
    }
    if (read) {
      stream->OnWritten(true);
      stream->OnRead(false);
    }
    return outcome;
  }

 private:
  void End(const std::string& outcome) {
    const std::lock_guard lock(mutex_);
    if (!outcome_) outcome_ = outcome;
    ended_.notify_all();
  }

  const std::string authorization_;
  const Message& message_;
  mutable std::mutex mutex_;
  mutable int looked_ = 0;
  bool read_ = false, sent_ = false;
  std::optional<std::string> outcome_;
  std::condition_variable ended_;
};

// Somebody with a key in each state.
struct Somebody {
  std::string name;
  Role role = Role::kNone;
  std::int64_t store_id = 0;
  std::int64_t terminal_id = 0;

  std::string Key(const std::string& state) const { return "Bearer " + name + "-" + state; }
};

const std::vector<Somebody>& Everybody() {
  static const std::vector<Somebody> kEverybody{{"admin", Role::kAdmin},
                                                {"till", Role::kTerminal, test::kNorth, 1},
                                                {"clerk", Role::kClerk},
                                                {"clerk-north", Role::kClerk, test::kNorth},
                                                {"marketer", Role::kMarketer},
                                                {"analyst", Role::kAnalyst},
                                                {"auditor", Role::kAuditor},
                                                {"service", Role::kService},
                                                {"service-north", Role::kService, test::kNorth},
                                                {"member", Role::kMember},
                                                {"nobody", Role::kNone},
                                                {"later", static_cast<Role>(99)}};
  return kEverybody;
}

// A place in a request: the field, and the message that it stands in, of which there is one at most.
struct PlaceField {
  const FieldDescriptor* within = nullptr;  // nullptr: the request itself
  const FieldDescriptor* field = nullptr;
};
std::vector<PlaceField> PlacesIn(const google::protobuf::Descriptor& type, const FieldDescriptor* within = nullptr) {
  std::vector<PlaceField> places;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->is_repeated()) continue;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
        (field->name() == "terminal" || field->name() == "store"))
      places.push_back({within, field});
    // Where a sale of before was made is no place that the caller is at: whose it may be, the method itself decides.
    const bool is_sale = field->message_type() != nullptr && field->message_type()->name() == "OriginalReceipt";
    if (within == nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !is_sale)
      for (const PlaceField& place : PlacesIn(*field->message_type(), field)) places.push_back(place);
  }
  return places;
}
void SetPlace(Message& request, const PlaceField& place, const std::string& name) {
  Message* at = place.within == nullptr ? &request : request.GetReflection()->MutableMessage(&request, place.within);
  at->GetReflection()->SetString(at, place.field, name);
}

class AccessTest : public ::testing::Test {
 protected:
  AccessTest() {
    for (const Somebody& one : Everybody()) {
      storage::PrincipalRow row;
      row.name = one.name;
      row.role = one.role;
      row.store_id = one.store_id;
      row.terminal_id = one.terminal_id;
      const auto id = calls_.AddPrincipal(row).id;
      calls_.AddKey(id, one.name + "-valid");
      calls_.AddKey(id, one.name + "-rotated", {.expire_time = kStart + kDayLength, .replaced_by = 1});
      calls_.AddKey(id, one.name + "-rotated-out", {.expire_time = kStart, .replaced_by = 1});
      calls_.AddKey(id, one.name + "-expired", {.expire_time = kStart});
      calls_.AddKey(id, one.name + "-revoked", {.revoked_time = kStart});
    }
    calls_.Refresh();
  }

  static const MethodDescriptor& DescriptorOf(const Method& method) {
    return *google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(std::string(method.name));
  }
  static bool MayCall(const Method& method, Role role) {
    const v1::Access& option = DescriptorOf(method).options().GetExtension(v1::access);
    return std::count(option.roles().begin(), option.roles().end(), static_cast<int>(role)) == 1;
  }
  // An empty request, but for an id of its own.
  std::unique_ptr<Message> RequestOf(const Method& method) {
    std::unique_ptr<Message> request(method.request->New());
    if (const auto* id = request->GetDescriptor()->FindFieldByName("request_id"))
      request->GetReflection()->SetString(request.get(), id, "request-number-" + std::to_string(++requests_));
    return request;
  }
  std::string Send(const Method& method, const Message& request, const std::string& authorization) {
    if (method.handle) return calls_.Begin(method.name, request, authorization).Await();
    return OneAnswer(calls_.deps(), method.name, authorization, request).Outcome(method);
  }
  std::string Send(const Method& method, const std::string& authorization) {
    return Send(method, *RequestOf(method), authorization);
  }
  template <typename Check>
  static void ForEachMethod(Check check) {
    int methods = 0;
    for (const Methods& service : AllServices())
      for (const Method& method : service) {
        SCOPED_TRACE(method.name);
        ++methods;
        check(method);
      }
    EXPECT_GT(methods, 40);
  }

  test::CallWorld calls_{storage::Engine::kSqlite};
  int requests_ = 0;
};

TEST_F(AccessTest, EveryMethodHasAnOptionThatSaysAll) {
  ForEachMethod([](const Method& method) {
    const auto& options = DescriptorOf(method).options();
    ASSERT_TRUE(options.HasExtension(v1::access));
    EXPECT_GT(options.GetExtension(v1::access).roles_size(), 0);
    EXPECT_NE(options.GetExtension(v1::access).ownership(), v1::OWNERSHIP_UNSPECIFIED);
    EXPECT_NE(options.GetExtension(v1::access).rate(), v1::RATE_CLASS_UNSPECIFIED);
  });
}

TEST_F(AccessTest, WithoutAValidKeyNobodyGetsAnywhere) {
  ForEachMethod([this](const Method& method) {
    for (const char* authorization : {"", "Bearer", "Bearer ", "Basic admin-valid", "admin-valid",
                                      "Bearer  admin-valid", "Bearer nobody-knows-this-key"})
      EXPECT_EQ(Send(method, authorization), kNobody) << "'" << authorization << "'";
    for (const Somebody& one : Everybody())
      for (const char* state : {"expired", "revoked", "rotated-out"})
        EXPECT_EQ(Send(method, one.Key(state)), kNobody) << one.name << " " << state;
  });
}

TEST_F(AccessTest, EachRoleMayCallWhatTheOptionsSayAndNothingElse) {
  ForEachMethod([this](const Method& method) {
    for (const Somebody& one : Everybody()) {
      // Who calls as nobody is not even known.
      const std::string refused = one.role == Role::kNone ? kNobody : kDenied;
      for (const char* state : {"valid", "rotated"}) {
        const std::string outcome = Send(method, one.Key(state));
        if (MayCall(method, one.role)) {
          EXPECT_NE(outcome, kDenied) << one.name << " " << state;
          EXPECT_NE(outcome, kNobody) << one.name << " " << state;
        } else {
          EXPECT_EQ(outcome, refused) << one.name << " " << state;
        }
      }
    }
  });
}

// FULL is of members what only some may see, whatever method asks.
TEST_F(AccessTest, AllOfAMemberIsForTheDeskAuditorsAndAdministrators) {
  int views = 0;
  ForEachMethod([this, &views](const Method& method) {
    const auto* view = method.request->GetDescriptor()->FindFieldByName("view");
    if (view == nullptr || view->enum_type()->full_name() != "loyalty.v1.MemberView") return;
    for (const Somebody& one : Everybody()) {
      if (!MayCall(method, one.role)) continue;
      ++views;
      const auto send = [&](const char* kind) {
        const auto request = RequestOf(method);
        request->GetReflection()->SetEnum(request.get(), view, view->enum_type()->FindValueByName(kind));
        return Send(method, *request, one.Key("valid"));
      };
      EXPECT_EQ(send("MEMBER_VIEW_FULL") == kDenied, !kSeesFull.Has(one.role)) << one.name;
      EXPECT_NE(send("MEMBER_VIEW_BASIC"), kDenied) << one.name;
    }
  });
  EXPECT_GT(views, 10);
}

TEST_F(AccessTest, WhoIsBoundToAPlaceMayNameNoOther) {
  ForEachMethod([this](const Method& method) {
    const auto ownership = DescriptorOf(method).options().GetExtension(v1::access).ownership();
    const auto places = PlacesIn(*method.request->GetDescriptor());
    const bool is_owned = ownership == v1::OWNERSHIP_OWN_STORE || ownership == v1::OWNERSHIP_OWN_TERMINAL;
    EXPECT_TRUE(!is_owned || !places.empty()) << "its requests name no place";
    EXPECT_TRUE(ownership != v1::OWNERSHIP_SELF || method.request->GetDescriptor()->field_count() == 1)
        << "it names more than its own";
    // Not built yet: it ends before it has read a place.
    if (method.name == "loyalty.v1.TerminalService.SyncJournal") return;
    for (const Somebody& one : Everybody()) {
      if (!MayCall(method, one.role)) continue;
      EXPECT_TRUE(one.store_id == 0 || places.empty() || is_owned)
          << one.name << " is bound to a store, and the option says that it may name any";
      if (!is_owned) continue;  // an administrator, who would revoke the keys of this test
      for (const PlaceField& place : places) {
        const bool is_store = place.field->name() == "store";
        const std::vector<std::string> own =
            is_store               ? std::vector<std::string>{"stores/north"}
            : one.terminal_id != 0 ? std::vector<std::string>{"stores/north/terminals/t1"}
                                   : std::vector<std::string>{"stores/north/terminals/t1", "stores/north/terminals/t2"};
        std::vector<std::string> foreign{is_store ? "stores/south" : "stores/south/terminals/t3"};
        if (one.terminal_id != 0 && !is_store) foreign.emplace_back("stores/north/terminals/t2");
        for (const std::string& name : own) {
          const auto request = RequestOf(method);
          SetPlace(*request, place, name);
          EXPECT_NE(Send(method, *request, one.Key("valid")), kDenied) << one.name << " " << name;
        }
        for (const std::string& name : foreign) {
          const auto request = RequestOf(method);
          SetPlace(*request, place, name);
          EXPECT_EQ(Send(method, *request, one.Key("valid")) == kDenied, one.store_id != 0) << one.name << " " << name;
        }
      }
    }
  });
}

}  // namespace
}  // namespace loyalty
