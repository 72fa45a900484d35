# House rules of every target, and two helpers.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(CCACHE ccache)
if(CCACHE)
  # The sloppiness is what ccache asks for with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    ${CMAKE_SOURCE_DIR}/cmake/compile ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Werror)
# GCC 12 reports these from inside library headers at -O2 and above, not from our code.
add_compile_options("$<$<CONFIG:Release>:-Wno-maybe-uninitialized;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-array-bounds>")
if(LOYALTY_SANITIZE)
  # libsoci hides its typeinfo, so UBSan's vptr check cannot link.
  add_compile_options(-fsanitize=${LOYALTY_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer -O1)
  add_link_options(-fsanitize=${LOYALTY_SANITIZE})
  if(LOYALTY_SANITIZE STREQUAL thread)
    add_compile_definitions(LOYALTY_PLANTED)  # storage/planted.h
    # It does not see fences. Those of Boost.Asio stand beside a mutex that it sees.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
endif()
if(LOYALTY_FUZZER)
  # Coverage for libFuzzer; optimised, because what a fuzzer finds depends on how often it tries.
  add_compile_options(-fsanitize=fuzzer-no-link -O2)
endif()
# Of the few sources with CLI11 or Beast in them, which are all templates.
set(LOYALTY_QUICK_OPTIONS "$<$<CONFIG:Debug>:-O0>" "$<$<CONFIG:Debug>:-fno-sanitize=undefined>")
# What ccache needs to see through precompiled headers; clang has no such option.
set(LOYALTY_PCH_OPTIONS $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess> $<$<CXX_COMPILER_ID:GNU>:-Wno-invalid-pch>)
include_directories(${CMAKE_SOURCE_DIR})

# loyalty_sources(OUT folders...): all sources of these folders but main.cc. A file is part of the program by being there:
# adding one touches no list.
function(loyalty_sources out)
  list(TRANSFORM ARGN APPEND /*.cc OUTPUT_VARIABLE patterns)
  file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} ${patterns})
  list(FILTER sources EXCLUDE REGEX "(^|/)main\\.cc$")
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

# loyalty_library(NAME sources... LINK targets...): one static library of a folder.
function(loyalty_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
endfunction()

# loyalty_run(TEST PROGRAM arguments...): a test that runs a program of ours. ./dev test builds what REQUIRED_FILES of the
# tests name that it runs.
function(loyalty_run test program)
  add_test(NAME ${test} COMMAND ${program} ${ARGN})
  set_tests_properties(${test} PROPERTIES REQUIRED_FILES $<TARGET_FILE:${program}>)
endfunction()

# loyalty_test(NAME sources... LINK targets... [LABELS labels...]): one test binary of a layer.
function(loyalty_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LINK;LABELS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gmock GTest::gtest_main)
  loyalty_unity(${name} 5)
  loyalty_run(${name} ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
endfunction()

# loyalty_unity(TARGET SIZE): compiles SIZE sources at a time, as one that includes them; they may share no name. For what is
# generated and for tests: their headers cost more than they do themselves.
function(loyalty_unity target size)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${size})
endfunction()

# loyalty_heavy_headers(TARGET): precompiles what costs seconds in every source that speaks gRPC.
function(loyalty_heavy_headers target)
  target_compile_options(${target} PRIVATE ${LOYALTY_PCH_OPTIONS})
  target_precompile_headers(${target} PRIVATE <grpcpp/grpcpp.h> <google/protobuf/util/json_util.h>
    <functional> <map> <memory> <string> <vector>
    <loyalty/v1/admin_service.grpc.pb.h> <loyalty/v1/campaign_service.grpc.pb.h> <loyalty/v1/ledger_service.grpc.pb.h>
    <loyalty/v1/member_service.grpc.pb.h> <loyalty/v1/terminal_service.grpc.pb.h>)
endfunction()

# loyalty_test_headers(TARGET headers...): the same for a test binary of many sources, with what all of them include.
function(loyalty_test_headers target)
  target_compile_options(${target} PRIVATE ${LOYALTY_PCH_OPTIONS})
  target_precompile_headers(${target} PRIVATE <gmock/gmock.h> <gtest/gtest.h> <functional> <map> <memory> <string>
    <vector> ${ARGN})
endfunction()
