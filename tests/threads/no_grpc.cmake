# PROGRAM is linked with no gRPC.
execute_process(COMMAND readelf --dynamic ${PROGRAM} RESULT_VARIABLE RESULT OUTPUT_VARIABLE SAID)
if(NOT RESULT EQUAL 0 OR NOT SAID MATCHES "libprotobuf")
  message(FATAL_ERROR "this check is blind: ${SAID}")
endif()
if(SAID MATCHES "lib(grpc|gpr)")
  message(FATAL_ERROR "${PROGRAM} is linked with gRPC, which ThreadSanitizer does not see:\n${SAID}")
endif()
