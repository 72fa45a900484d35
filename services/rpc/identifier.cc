#include "services/rpc/identifier.h"

#include "domain/sealed_text.h"
#include "services/rpc/phone.h"

namespace loyalty {

Result<Identifier> ToIdentifier(const v1::Identifier& identifier, const CallContext& call, std::int64_t store_id) {
  const auto normalised = [&call](IdentifierKind kind, const std::string& text) {
    return NormaliseIdentifier(kind, text, call.keys->identifiers);
  };
  switch (identifier.kind_case()) {
    case v1::Identifier::kCard: return normalised(IdentifierKind::kCard, identifier.card());
    case v1::Identifier::kStaticToken: return normalised(IdentifierKind::kToken, identifier.static_token());
    case v1::Identifier::kPhone: {
      const auto number = ToE164(identifier.phone(), call.snapshot->CountryOf(store_id));
      return number ? normalised(IdentifierKind::kPhone, *number) : number.error();
    }
    case v1::Identifier::kEmail: return normalised(IdentifierKind::kEmail, identifier.email());
    case v1::Identifier::KIND_NOT_SET: break;
  }
  return InvalidField("identifier", "exactly one kind must be set");
}

v1::Identifier FromIdentifier(const storage::IdentifierRow& row, const Bytes& secret) {
  v1::Identifier out;
  const std::string text =
      IsOpen(row.kind) ? row.code.substr(row.code.find(':') + 1) : OpenText(secret, row.sealed_text).value_or("");
  switch (row.kind) {
    case IdentifierKind::kCard: out.set_card(text); break;
    case IdentifierKind::kToken: out.set_static_token(text); break;
    case IdentifierKind::kPhone: out.set_phone(text); break;
    case IdentifierKind::kEmail: out.set_email(text); break;
    case IdentifierKind::kExternal: break;  // no field of the API yet
  }
  return out;
}

}  // namespace loyalty
