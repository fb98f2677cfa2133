// Logarithm and power to the last bit as Terraform has them. The C library rounds more carefully,
// so its results differ in the last digits that are printed.
#pragma once

namespace plumbline::terraform::functions {

double GoLog(double x);
double GoPow(double x, double y);

}  // namespace plumbline::terraform::functions
