#include "services/rpc/identifier.h"

namespace loyalty {

Result<Identifier> ToIdentifier(const v1::Identifier& identifier) {
  switch (identifier.kind_case()) {
    case v1::Identifier::kCard: return NormaliseIdentifier(IdentifierKind::kCard, identifier.card());
    case v1::Identifier::kToken: return NormaliseIdentifier(IdentifierKind::kToken, identifier.token());
    case v1::Identifier::kPhone: return NormaliseIdentifier(IdentifierKind::kPhone, identifier.phone());
    case v1::Identifier::kEmail: return NormaliseIdentifier(IdentifierKind::kEmail, identifier.email());
    case v1::Identifier::KIND_NOT_SET: break;
  }
  return InvalidField("identifier", "exactly one kind must be set");
}

v1::Identifier FromIdentifier(const Identifier& identifier) {
  v1::Identifier out;
  const std::string value(identifier.value());
  switch (identifier.kind) {
    case IdentifierKind::kCard: out.set_card(value); break;
    case IdentifierKind::kToken: out.set_token(value); break;
    case IdentifierKind::kPhone: out.set_phone(value); break;
    case IdentifierKind::kEmail: out.set_email(value); break;
  }
  return out;
}

}  // namespace loyalty
