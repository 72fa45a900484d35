// What makes a node of Galera a database like any other: what one server has answered all servers know, and a
// transaction is there as a whole or not at all.
#pragma once

#include <string>
#include <vector>

namespace soci {
class session;
}

namespace loyalty::storage {

// Whether this connection leads to a node of Galera.
bool IsGalera(soci::session& sql);

// Statements for a new connection to a node.
std::vector<std::string> GaleraSetUp();

// What begins a transaction there, in one message with what follows.
std::vector<std::string> GaleraOpening();

// After the end of a transaction, where nothing is left that this could commit.
inline constexpr char kGaleraClose[] = "SET SESSION autocommit = 1";

}  // namespace loyalty::storage
