// The subcommands of loyaltyd. Each returns the exit code; texts for people go to stdout and stderr.
#pragma once

#include "domain/time.h"
#include "services/app/options.h"

namespace loyalty {

int RunInit(const Options& options);
int RunMigrate(const Options& options);
int RunVerify(const Options& options);
int RunServe(const Options& options);

// Prints "loyaltyd: TEXT" on stderr and returns `code`.
int Complain(int code, const std::string& text);

// The server's clock.
Instant SystemNow();

}  // namespace loyalty
