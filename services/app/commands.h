// The subcommands of loyaltyd. Each returns the exit code; texts for people go to stdout and stderr.
#pragma once

#include "domain/time.h"
#include "services/app/options.h"

namespace loyalty {

int RunInit(const Options& options);
int RunMigrate(const Options& options);
int RunVerify(const Options& options);
// Needs BlockStopSignals before the first thread of the process.
int RunServe(const Options& options);
// Blocks the signals that stop the server, in this thread and all that it starts.
void BlockStopSignals();

// Prints "loyaltyd: TEXT" on stderr and returns `code`.
int Complain(int code, const std::string& text);

// The server's clock.
Instant SystemNow();

}  // namespace loyalty
