#include "report/finding_json.h"

namespace plumbline::report {

void WriteOrigins(std::string_view key, const std::vector<Origin>& origins, JsonWriter& w) {
  w.Key(key);
  w.BeginArray();
  for (const Origin& step : origins) {
    w.BeginObject();
    w.Member("file", step.location.file);
    w.Member("line", step.location.line);
    w.Member("column", step.location.column);
    w.Member("what", step.what);
    w.EndObject();
  }
  w.EndArray();
}

void WriteEnvironmentResults(const std::vector<EnvironmentResult>& results, JsonWriter& w) {
  w.Key("environment_results");
  w.BeginArray();
  for (const EnvironmentResult& r : results) {
    w.BeginObject();
    w.Member("name", r.name);
    w.Member("status", r.absent ? "absent" : StatusName(r.status));
    if (!r.value.empty()) {
      w.Key("value");
      w.Raw(r.value);
    }
    WriteOrigins("decided_by", r.decided_by, w);
    w.EndObject();
  }
  w.EndArray();
}

}  // namespace plumbline::report
