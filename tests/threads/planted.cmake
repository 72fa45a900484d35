# ThreadSanitizer sees the threads of a component: PROGRAM, run with a counter without a lock at PLACE (storage/planted.h),
# ends in failure and its report names that counter.
set(ENV{LOYALTY_PLANT} ${PLACE})
set(ENV{TSAN_OPTIONS} halt_on_error=1)  # the first is enough
execute_process(COMMAND ${PROGRAM} --gtest_filter=${FILTER} RESULT_VARIABLE RESULT OUTPUT_VARIABLE SAID ERROR_VARIABLE SAID)
if(RESULT EQUAL 0 OR NOT SAID MATCHES "WARNING: ThreadSanitizer: data race" OR NOT SAID MATCHES "CountUnlocked")
  message(FATAL_ERROR "a counter without a lock at ${PLACE} was not reported; ended with ${RESULT}:\n${SAID}")
endif()
