// Where the server's memory comes from.
#pragma once

namespace loyalty {

// Sets the allocator up; call it before any thread starts. Builds with sanitizers have theirs, which knows no settings.
void SetUpMemory();

}  // namespace loyalty
