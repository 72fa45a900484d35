// The subcommands of loyaltyd. Each returns the exit code; texts for people go to stdout and stderr.
#pragma once

#include "services/app/loyaltyd.h"
#include "services/app/options.h"

namespace loyalty {

int RunInit(const Options& options, const Clock& clock);
int RunMigrate(const Options& options, const Clock& clock);
int RunAdminKey(const Options& options, const Clock& clock);
int RunVerify(const Options& options);
int RunBackup(const Options& options, const Clock& clock);
int RunRestore(const Options& options);
int RunKeyBackup(const Options& options);
// Needs BlockStopSignals before the first thread of the process.
int RunServe(const Options& options, const Clock& clock);
// Blocks the signals that stop the server, in this thread and all that it starts.
void BlockStopSignals();

// Prints "loyaltyd: TEXT" on stderr and returns `code`.
int Complain(int code, const std::string& text);

}  // namespace loyalty
