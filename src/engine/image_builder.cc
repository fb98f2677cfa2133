// Lays out the parts of a rule image: header, sections in their order, texts and code, cold texts.
// Cold texts get offsets behind the hot ones, which are only known at the end: until then their
// offsets count from `kColdBase`.
#include "engine/image_builder.h"

namespace plumbline::engine {
namespace {

constexpr std::uint32_t kColdBase = 0x80000000u;
constexpr std::size_t kAlignment = 16;

void Pad(std::string& out) {
  out.resize((out.size() + kAlignment - 1) / kAlignment * kAlignment, '\0');
}

void Move(Str& s, std::uint32_t cold) {
  if (s.at >= kColdBase) s.at = s.at - kColdBase + cold;
}

}  // namespace

Str ImageBuilder::Text(std::string_view s) {
  if (s.empty()) return {};
  auto [it, fresh] = texts_.try_emplace(std::string(s));
  if (fresh) {
    it->second = {static_cast<std::uint32_t>(hot_.size()), static_cast<std::uint32_t>(s.size())};
    hot_ += s;
  }
  return it->second;
}

Str ImageBuilder::ColdText(std::string_view s) {
  if (s.empty()) return {};
  Str out{kColdBase + static_cast<std::uint32_t>(cold_.size()),
          static_cast<std::uint32_t>(s.size())};
  cold_ += s;
  return out;
}

std::uint32_t ImageBuilder::Expression(std::string_view code) {
  auto [it, fresh] = expressions_.try_emplace(std::string(code), 0);
  if (fresh) {
    Pad(hot_);
    Str text{static_cast<std::uint32_t>(hot_.size()), static_cast<std::uint32_t>(code.size())};
    hot_ += code;
    it->second = Add(ExprDef{text});
  }
  return it->second;
}

std::string ImageBuilder::Finish() {
  Pad(hot_);
  const auto cold = static_cast<std::uint32_t>(hot_.size());
  for (ColdRule& c : Of<ColdRule>()) {
    for (Str* s : {&c.title, &c.why, &c.fix, &c.provider, &c.service, &c.since, &c.file, &c.when,
                   &c.each, &c.when_each, &c.condition, &c.check, &c.element})
      Move(*s, cold);
  }
  for (ExampleDef& e : Of<ExampleDef>()) {
    Move(e.framework, cold);
    Move(e.text, cold);
  }
  for (Str& s : Of<Str>()) Move(s, cold);

  ImageHeader header;
  std::string out(sizeof(ImageHeader), '\0');
  std::size_t section = 0;
  auto write = [&](const auto& items) {
    Pad(out);
    header.sections[section++] = {static_cast<std::uint32_t>(out.size()),
                                  static_cast<std::uint32_t>(items.size())};
    out.append(reinterpret_cast<const char*>(items.data()), items.size() * sizeof(items[0]));
  };
  std::apply([&](const auto&... items) { (write(items), ...); }, parts_);
  Pad(out);
  header.pool = static_cast<std::uint32_t>(out.size());
  out += hot_;
  out += cold_;
  header.size = static_cast<std::uint32_t>(out.size());
  std::memcpy(out.data(), &header, sizeof(header));
  return out;
}

}  // namespace plumbline::engine
