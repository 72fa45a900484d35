// UTF-8 as far as tables and input checks need it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace loyalty::client {

// True for well-formed UTF-8 (no overlong forms, no surrogates). Text that is not must never be put into a message:
// protobuf would refuse the whole message, or the server the whole stream.
bool IsValidUtf8(std::string_view text);

// Columns of a terminal that the text takes, as utf8proc knows them: 0 for combining marks and control characters, 2
// for East Asian wide characters and emoji. Malformed bytes count one each.
std::size_t DisplayWidth(std::string_view text);

// The text with control characters replaced by blanks, so that what others have typed cannot drive the terminal.
std::string Printable(std::string_view text);

// Without blanks and tabs at both ends.
std::string_view Trim(std::string_view text);

}  // namespace loyalty::client
