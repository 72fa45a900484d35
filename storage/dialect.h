// Migrations are one text for both engines. What the engines spell in two ways is a word in capitals:
//   ID             key of one number: NOT NULL, and on SQLite the rowid
//   SMALL          enums, flags
//   ASCII(n)       names and codes of ours, compared byte by byte
//   UTF8(n)        text of people, at most n characters; UTF8_LONG: up to 16 MB
//   KEY_TEXT(n)    text of people in a key, at most n bytes: utf8mb4_bin takes 'a' and 'a ' for one
//   BYTES(n)       at most n bytes; BYTES_LONG: up to 16 MB
//   WHERE_GIVEN(c) at the end of an index: leaves out the rows without c where the engine can
// They are words in quotes too. A table whose key is not an ID is stored in the order of its key, as PRIMARY KEY (...)
// says. Other words stay.
#pragma once

#include <string>
#include <string_view>

#include "storage/rows.h"

namespace loyalty::storage {

std::string InDialect(Engine engine, std::string_view statement);

}  // namespace loyalty::storage
