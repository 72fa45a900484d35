// Boost.JSON, compiled here: Debian's package of headers brings no library.
#include <boost/json/src.hpp>
