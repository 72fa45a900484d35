// How this folder calls Boost.Math.
#pragma once

#include <boost/math/policies/policy.hpp>

namespace loyalty::retention {

// In double precision, not through long double, which is slower and another number on another processor; and never
// throwing: what cannot be computed is infinite or NaN.
using MathPolicy =
    boost::math::policies::policy<boost::math::policies::promote_double<false>,
                                  boost::math::policies::domain_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::pole_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;

}  // namespace loyalty::retention
