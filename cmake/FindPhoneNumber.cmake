# Google's libphonenumber, as PhoneNumber::phonenumber. Where Debian's libphonenumber-dev cannot be installed beside Boost
# 1.81 (tools/packages says why), its headers lie in build/debian and the library is the one of the runtime package.
find_path(PhoneNumber_INCLUDE_DIR phonenumbers/phonenumberutil.h PATHS ${CMAKE_SOURCE_DIR}/build/debian/usr/include)
find_library(PhoneNumber_LIBRARY NAMES phonenumber libphonenumber.so.8)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PhoneNumber REQUIRED_VARS PhoneNumber_LIBRARY PhoneNumber_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "tools/packages build gets it")
if(PhoneNumber_FOUND AND NOT TARGET PhoneNumber::phonenumber)
  add_library(PhoneNumber::phonenumber UNKNOWN IMPORTED)
  set_target_properties(PhoneNumber::phonenumber PROPERTIES
    IMPORTED_LOCATION ${PhoneNumber_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${PhoneNumber_INCLUDE_DIR})
endif()
