// The aws_iam_policy_document data source, computed as the AWS provider does: it only rewrites its
// arguments as JSON.
#pragma once

#include "terraform/expression.h"

namespace plumbline::terraform {

struct PolicyDocument {
  Value json, minified_json;  // strings, or unknown with the structure in UnknownInfo::json
};

/// `attributes` are the data block's evaluated arguments.
PolicyDocument ComputePolicyDocument(ExprEvaluator& evaluator, Value attributes);

}  // namespace plumbline::terraform
