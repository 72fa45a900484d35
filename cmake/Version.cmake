# Writes OUT, the source that says which program this is: VERSION, and the commit of the sources in ROOT where they are
# those of a git repository. Run at each build; the file changes only when one of the two does.
set(commit "")
find_program(GIT git)
if(GIT AND EXISTS ${ROOT}/.git)
  execute_process(COMMAND ${GIT} -C ${ROOT} describe --always --abbrev=12 --dirty --exclude *
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT "#include \"domain/version.h\"

namespace loyalty {

std::string_view Version() { return \"@VERSION@\"; }
std::string_view BuiltFrom() { return \"@commit@\"; }

}  // namespace loyalty
")
