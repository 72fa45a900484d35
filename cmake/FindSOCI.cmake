# Finds SOCI 4.0.3 or newer with its SQLite and MySQL backends; Debian ships neither a CMake config nor a .pc file.
# Targets: SOCI::core SOCI::sqlite3 SOCI::mysql
find_path(SOCI_INCLUDE_DIR soci/soci.h)
find_path(MARIADB_INCLUDE_DIR mysql.h PATH_SUFFIXES mariadb mysql)
find_library(SOCI_core_LIBRARY soci_core)
find_library(SOCI_sqlite3_LIBRARY soci_sqlite3)
find_library(SOCI_mysql_LIBRARY soci_mysql)
find_library(MARIADB_LIBRARY NAMES mariadb mysqlclient)
find_library(SQLITE3_LIBRARY sqlite3)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SOCI REQUIRED_VARS SOCI_INCLUDE_DIR MARIADB_INCLUDE_DIR SOCI_core_LIBRARY
  SOCI_sqlite3_LIBRARY SOCI_mysql_LIBRARY MARIADB_LIBRARY SQLITE3_LIBRARY)
if(SOCI_FOUND AND NOT TARGET SOCI::core)
  add_library(SOCI::core UNKNOWN IMPORTED)
  set_target_properties(SOCI::core PROPERTIES IMPORTED_LOCATION ${SOCI_core_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${SOCI_INCLUDE_DIR};${SOCI_INCLUDE_DIR}/soci")
  add_library(SOCI::sqlite3 UNKNOWN IMPORTED)
  set_target_properties(SOCI::sqlite3 PROPERTIES IMPORTED_LOCATION ${SOCI_sqlite3_LIBRARY}
    INTERFACE_LINK_LIBRARIES "SOCI::core;${SQLITE3_LIBRARY}")
  add_library(SOCI::mysql UNKNOWN IMPORTED)
  # soci-mysql.h includes <mysql.h>.
  set_target_properties(SOCI::mysql PROPERTIES IMPORTED_LOCATION ${SOCI_mysql_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${MARIADB_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "SOCI::core;${MARIADB_LIBRARY}")
endif()
