// ScanStream: many scans on one stream, answered in the order in which they are committed.
#pragma once

#include <memory>

#include "services/rpc/wire.h"

namespace loyalty {

// Requests of one stream in work at once; the next one is not read before the answer of one of them is written, and not
// while the write queue is full either. A stream is refused only where nothing of its own is on its way.
inline constexpr int kStreamWindow = 1'024;

std::unique_ptr<Stream> NewScanStream(StreamWire& wire);

}  // namespace loyalty
