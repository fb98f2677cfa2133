#include "terraform/config_check.h"

#include <algorithm>

namespace plumbline::terraform {
namespace {

bool IsPartial(const hcl::Body& body) {
  return body.partial ||
         std::ranges::any_of(body.blocks, [](const hcl::Block& b) { return IsPartial(*b.body); });
}

}  // namespace

void CheckConfig(const std::vector<ModuleFile>& files, const ModuleConfig& config,
                 Diagnostics& diagnostics) {
  bool partial = false;
  for (const ModuleFile& f : files) partial |= IsPartial(*f.body);
  for (const ModuleFile& f : files) {
    if (!IsPartial(*f.body)) CheckBlocks(f, diagnostics);
  }
  if (partial) return;
  CheckReferences(config, diagnostics);
  CheckMoves(config, diagnostics);
}

}  // namespace plumbline::terraform
