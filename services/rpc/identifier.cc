#include "services/rpc/identifier.h"

#include "domain/sealed_text.h"

namespace loyalty {

Result<Identifier> ToIdentifier(const v1::Identifier& identifier, const ProgramKeys& keys) {
  const auto normalised = [&keys](IdentifierKind kind, const std::string& text) {
    return NormaliseIdentifier(kind, text, keys.identifiers);
  };
  switch (identifier.kind_case()) {
    case v1::Identifier::kCard: return normalised(IdentifierKind::kCard, identifier.card());
    case v1::Identifier::kToken: return normalised(IdentifierKind::kToken, identifier.token());
    case v1::Identifier::kPhone: return normalised(IdentifierKind::kPhone, identifier.phone());
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
    case IdentifierKind::kToken: out.set_token(text); break;
    case IdentifierKind::kPhone: out.set_phone(text); break;
    case IdentifierKind::kEmail: out.set_email(text); break;
    case IdentifierKind::kExternal: break;  // no field of the API yet
  }
  return out;
}

}  // namespace loyalty
