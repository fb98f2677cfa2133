#include "engine/type_pattern.h"

#include <array>

namespace plumbline::engine {
namespace {

struct NamedMode {
  std::string_view name;
  model::Mode mode;
};
// Declarations that are no resources; rules about the configuration itself name them by these
// words.
constexpr auto kModes = std::to_array<NamedMode>({
    {"module", model::Mode::kModuleCall},
    {"output", model::Mode::kOutput},
    {"provider", model::Mode::kProvider},
    {"terraform", model::Mode::kTerraform},
    {"variable", model::Mode::kVariable},
});

bool IsName(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
             std::string_view::npos;
}

// "v1", "v2beta1"
bool IsVersion(std::string_view text) {
  return text.size() >= 2 && text[0] == 'v' && text[1] >= '0' && text[1] <= '9' &&
         text.find('.') == std::string_view::npos;
}

struct KubernetesType {
  std::string_view group, version, object;
};
KubernetesType SplitKubernetes(std::string_view type) {
  const std::size_t last = type.rfind('/');
  const std::string_view head = type.substr(0, last);
  const std::size_t slash = head.find('/');
  if (slash == std::string_view::npos) return {"", head, type.substr(last + 1)};
  return {head.substr(0, slash), head.substr(slash + 1), type.substr(last + 1)};
}

struct PatternView {
  TypePattern::Kind kind;
  model::Mode mode;
  std::string_view type, object, group, version;
};

bool MatchesView(const PatternView& p, const model::Resource& r) {
  if (p.kind == TypePattern::kTerraform) {
    return r.mode == p.mode && (p.type.empty() || p.type == r.type) && !IsKubernetes(r);
  }
  if (!IsKubernetes(r)) return false;
  const KubernetesType t = SplitKubernetes(r.type);
  return (p.object == "*" || p.object == t.object) && (p.group == "*" || p.group == t.group) &&
         (p.version.empty() || p.version == t.version);
}

}  // namespace

std::string TypeName::Key() const {
  if (kind == TypePattern::kKubernetes) return "kubernetes:" + object;
  if (mode == model::Mode::kManaged) return "terraform:" + (type.empty() ? "*" : type);
  if (mode == model::Mode::kData) return "terraform:data." + type;
  return "terraform:" + std::string(model::ModeName(mode));
}

std::optional<TypeName> ParseTypeName(bool kubernetes, std::string_view text) {
  TypeName out;
  if (!kubernetes) {
    for (const NamedMode& m : kModes) {
      if (m.name == text) {
        out.mode = m.mode;
        return out;
      }
    }
    if (text == "*") return out;
    if (text.starts_with("data.")) {
      out.mode = model::Mode::kData;
      text.remove_prefix(5);
    }
    if (!IsName(text) || text.find('.') != std::string_view::npos) return std::nullopt;
    out.type = std::string(text);
    return out;
  }
  out.kind = TypePattern::kKubernetes;
  out.group = "*";
  const std::size_t last = text.rfind('/');
  if (last != std::string_view::npos) {
    const std::string_view head = text.substr(0, last);
    const std::size_t slash = head.find('/');
    out.group = std::string(head.substr(0, slash));
    if (slash != std::string_view::npos) {
      out.version = std::string(head.substr(slash + 1));
      if (!IsVersion(out.version)) return std::nullopt;
    } else if (IsVersion(head)) {
      out.group.clear();
      out.version = std::string(head);
    }
    if (!head.empty() && !IsName(slash == std::string_view::npos ? head : out.group))
      return std::nullopt;
    text.remove_prefix(last + 1);
  }
  if (text != "*" && !IsName(text)) return std::nullopt;
  out.object = std::string(text);
  return out;
}

std::string ResourceKey(const model::Resource& r) {
  if (IsKubernetes(r)) return "kubernetes:" + std::string(SplitKubernetes(r.type).object);
  if (r.mode == model::Mode::kManaged) return "terraform:" + std::string(r.type);
  if (r.mode == model::Mode::kData) return "terraform:data." + std::string(r.type);
  return "terraform:" + std::string(model::ModeName(r.mode));
}

bool Matches(const Image& image, const TypePattern& p, const model::Resource& r) {
  return MatchesView({p.kind, static_cast<model::Mode>(p.mode), image.Text(p.type),
                      image.Text(p.object), image.Text(p.group), image.Text(p.version)},
                     r);
}

bool Matches(const TypeName& n, const model::Resource& r) {
  return MatchesView({n.kind, n.mode, n.type, n.object, n.group, n.version}, r);
}

}  // namespace plumbline::engine
