// Chart.yaml as Helm's chart.Metadata: Go's JSON decoder takes keys in any case, its YAML reader
// makes texts of the numbers and bools that stand where a text is wanted.
#pragma once

#include <string>

#include "gotmpl/value.h"
#include "helm/chart.h"

namespace plumbline::helm {

/// Takes over the fields that `from` (of Chart.yaml, or of requirements.yaml, which is laid over
/// it) sets; numbers must be exact. Empty, or the decoder's complaint.
std::string DecodeMetadata(gotmpl::Heap& heap, gotmpl::Value from, Chart& chart);

/// What Helm demands of a chart's metadata; empty, or its complaint.
std::string ValidateMetadata(const Chart& chart);

/// `.Chart`.
gotmpl::Value MakeChartObject(gotmpl::Heap& heap, const Chart& chart);

}  // namespace plumbline::helm
