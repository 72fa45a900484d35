// What must hold whatever comes in: a promise between parts of the program, kept also in the release. Broken, it ends
// the command that broke it - the write path rolls back and answers INTERNAL - and not the server.
#pragma once

#include <stdexcept>

namespace loyalty {

class BrokenPromise : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// `promise`: what should have held, for the log.
inline void Check(bool holds, const char* promise) {
  if (!holds) [[unlikely]]
    throw BrokenPromise(promise);
}

}  // namespace loyalty
