# Nothing that is shipped has a switch for its guards: WITHOUT names the programs, separated by commas. WITH has one, which
# proves that this would see it.
set(SWITCH "LOYALTY_(SABOTAGE|PLANT)")
file(STRINGS ${WITH} FOUND REGEX ${SWITCH} LIMIT_COUNT 1)
if(NOT FOUND)
  message(FATAL_ERROR "${WITH} has no switch: this check is blind")
endif()
string(REPLACE "," ";" WITHOUT "${WITHOUT}")
foreach(PROGRAM ${WITHOUT})
  file(STRINGS ${PROGRAM} FOUND REGEX ${SWITCH} LIMIT_COUNT 1)
  if(FOUND)
    message(FATAL_ERROR "${PROGRAM} has a switch for its guards")
  endif()
endforeach()
