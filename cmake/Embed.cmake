# loyalty_embed(OUT HEADER NAMESPACE FUNCTION=file[,file...]...): a source that defines each FUNCTION of HEADER, which
# returns its files, one after the other, as a std::string_view. The assembler copies them as they are, so that a large
# one costs the compiler nothing. OUT becomes the path of the source.
function(loyalty_embed out header namespace)
  set(path ${CMAKE_CURRENT_BINARY_DIR}/${out}_embedded.cc)
  set(text "#include \"${header}\"\n\n#include <cstddef>\n")
  set(functions "")
  set(all "")
  foreach(entry ${ARGN})
    string(REGEX MATCH "^([A-Za-z]+)=(.+)$" matched "${entry}")
    set(name ${CMAKE_MATCH_1})
    string(REPLACE "," ";" files "${CMAKE_MATCH_2}")
    set(copies "")
    foreach(file ${files})
      cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
      list(APPEND all ${file})
      string(APPEND copies "    \".incbin \\\"${file}\\\"\\n\"\n")
    endforeach()
    set(symbol loyalty_embedded_${out}_${name})
    string(APPEND text "\nasm(\".pushsection .rodata\\n\"\n"
      "    \".globl ${symbol}, ${symbol}_end\\n.hidden ${symbol}, ${symbol}_end\\n\"\n"
      "    \"${symbol}:\\n\"\n${copies}    \"${symbol}_end:\\n.popsection\\n\");\n"
      "extern \"C\" const char ${symbol}[], ${symbol}_end[];\n")
    string(APPEND functions
      "std::string_view ${name}() { return {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}; }\n")
  endforeach()
  string(APPEND text "\nnamespace ${namespace} {\n\n${functions}\n}  // namespace ${namespace}\n")
  file(CONFIGURE OUTPUT ${path} CONTENT "${text}" @ONLY)
  # The compiler's own list of dependencies knows nothing of what the assembler reads.
  set_source_files_properties(${path} PROPERTIES OBJECT_DEPENDS "${all}" SKIP_PRECOMPILE_HEADERS ON)
  set(${out} ${path} PARENT_SCOPE)
endfunction()
