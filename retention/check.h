// What must hold between parts of a computation, kept also in the release: broken, it ends the computation and not the
// program. As domain/check.h, which lies in another layer.
#pragma once

#include <stdexcept>

namespace loyalty::retention {

// `promise`: what should have held, for the log. Throws std::logic_error.
inline void Check(bool holds, const char* promise) {
  if (!holds) [[unlikely]]
    throw std::logic_error(promise);
}

}  // namespace loyalty::retention
