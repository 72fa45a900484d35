// The language of whoever runs a program.
#pragma once

#include "domain/texts.h"

namespace loyalty::client {

// As LC_ALL, LC_MESSAGES or LANG says, the first that is set; English where that is none of ours.
Language OwnLanguage();

}  // namespace loyalty::client
