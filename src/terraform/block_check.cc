// The shape of blocks: which exist, how many labels they take, which arguments and blocks they
// hold. What belongs to a provider's schema is not known here and not judged.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "support/suggest.h"
#include "terraform/config_check.h"

namespace plumbline::terraform {
namespace {

using Names = std::span<const std::string_view>;

constexpr auto kTop = std::to_array<std::string_view>(
    {"terraform", "variable", "locals", "output", "provider", "resource", "data", "ephemeral",
     "module", "moved", "import", "removed", "check"});
// Of versions after 1.11 and of OpenTofu.
constexpr auto kLater = std::to_array<std::string_view>({"action", "language"});

struct Labels {
  std::string_view type;
  std::size_t count;
  const char* names;
};
constexpr auto kLabels = std::to_array<Labels>({
    {"variable", 1, "its name"},
    {"output", 1, "its name"},
    {"provider", 1, "its name"},
    {"module", 1, "its name"},
    {"check", 1, "its name"},
    {"resource", 2, "a type and a name"},
    {"data", 2, "a type and a name"},
    {"ephemeral", 2, "a type and a name"},
    {"terraform", 0, ""},
    {"locals", 0, ""},
    {"moved", 0, ""},
    {"import", 0, ""},
    {"removed", 0, ""},
});

/// Arguments and blocks of a kind of block whose schema is Terraform's own.
struct Schema {
  std::string_view type;
  Names arguments;
  Names required;
  Names blocks;
};

constexpr auto kNone = std::array<std::string_view, 0>{};
// "deprecated" and "const" are OpenTofu's.
constexpr auto kVariable =
    std::to_array<std::string_view>({"type", "default", "description", "sensitive", "nullable",
                                     "ephemeral", "deprecated", "const"});
constexpr auto kVariableBlocks = std::to_array<std::string_view>({"validation"});
constexpr auto kOutput = std::to_array<std::string_view>(
    {"value", "description", "sensitive", "depends_on", "ephemeral", "deprecated", "type"});
constexpr auto kOutputRequired = std::to_array<std::string_view>({"value"});
constexpr auto kOutputBlocks = std::to_array<std::string_view>({"precondition"});
constexpr auto kCondition = std::to_array<std::string_view>({"condition", "error_message"});
constexpr auto kLifecycle =
    std::to_array<std::string_view>({"create_before_destroy", "prevent_destroy", "ignore_changes",
                                     "replace_triggered_by", "enabled", "destroy"});
constexpr auto kLifecycleBlocks =
    std::to_array<std::string_view>({"precondition", "postcondition", "action_trigger"});
constexpr auto kDataLifecycle = std::to_array<std::string_view>({"enabled"});
constexpr auto kMoved = std::to_array<std::string_view>({"from", "to"});
constexpr auto kRemoved = std::to_array<std::string_view>({"from"});
constexpr auto kRemovedBlocks =
    std::to_array<std::string_view>({"lifecycle", "provisioner", "connection"});
constexpr auto kImport =
    std::to_array<std::string_view>({"to", "id", "provider", "for_each", "identity"});
constexpr auto kImportRequired = std::to_array<std::string_view>({"to"});
constexpr auto kCheckBlocks = std::to_array<std::string_view>({"data", "assert"});
constexpr auto kData = std::to_array<std::string_view>(
    {"input", "triggers_replace", "count", "depends_on", "for_each", "provider"});
constexpr auto kDataBlocks =
    std::to_array<std::string_view>({"connection", "lifecycle", "provisioner", "dynamic"});

constexpr auto kSchemas = std::to_array<Schema>({
    {"variable", kVariable, kNone, kVariableBlocks},
    {"output", kOutput, kOutputRequired, kOutputBlocks},
    {"validation", kCondition, kCondition, kNone},
    {"precondition", kCondition, kCondition, kNone},
    {"postcondition", kCondition, kCondition, kNone},
    {"assert", kCondition, kCondition, kNone},
    {"lifecycle", kLifecycle, kNone, kLifecycleBlocks},
    {"data lifecycle", kDataLifecycle, kNone, kLifecycleBlocks},
    {"moved", kMoved, kMoved, kNone},
    {"removed", kRemoved, kRemoved, kRemovedBlocks},
    {"import", kImport, kImportRequired, kNone},
    {"check", kNone, kNone, kCheckBlocks},
    {"terraform_data", kData, kNone, kDataBlocks},
});

constexpr auto kReservedVariables = std::to_array<std::string_view>(
    {"count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"});

bool Contains(Names names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool IsName(std::string_view name) {
  auto letter = [](unsigned char c) { return std::isalpha(c) != 0 || c == '_' || c >= 0x80; };
  if (name.empty() || !letter(static_cast<unsigned char>(name[0]))) return false;
  return std::ranges::all_of(
      name, [&](unsigned char c) { return letter(c) || std::isdigit(c) != 0 || c == '-'; });
}

class BlockCheck {
 public:
  BlockCheck(bool is_override, Diagnostics& diagnostics)
      : is_override_(is_override), diagnostics_(diagnostics) {}

  void Top(const hcl::Block& block) {
    if (Contains(kLater, block.type)) return;
    if (!Contains(kTop, block.type)) {
      return Report(
          fmt::format("there is no block type \"{}\"{}", block.type, DidYouMean(block.type, kTop)),
          block.type_span);
    }
    if (!CheckLabels(block)) return;
    what_ = Named(block);
    if (block.type == "resource" || block.type == "data" || block.type == "ephemeral") {
      Resource(block);
    } else if (block.type == "module") {
      Module(block);
    } else {
      Closed(block, block.type);
    }
    if (block.type == "variable") Variable(block);
    if (block.type == "check") Check(block);
    if (block.type == "import") Import(block);
  }

 private:
  static std::string Named(const hcl::Block& block) {
    std::string out(block.type);
    for (const hcl::Label& l : block.labels) out += fmt::format(" \"{}\"", l.text);
    return out;
  }

  void Report(std::string message, Span span) {
    diagnostics_.push_back({DiagnosticCode::kInvalidConfiguration, std::move(message), span});
  }

  bool CheckLabels(const hcl::Block& block) {
    auto row = std::ranges::find(kLabels, block.type, &Labels::type);
    if (row == kLabels.end()) return true;
    if (block.labels.size() != row->count) {
      Report(row->count == 0 ? fmt::format("a {} block takes no label", block.type)
                             : fmt::format("a {} block takes {} label{}, {}, but this one has {}",
                                           block.type, row->count, row->count == 1 ? "" : "s",
                                           row->names, block.labels.size()),
             block.header);
      return false;
    }
    for (const hcl::Label& label : block.labels) {
      if (IsName(label.text)) continue;
      Report(fmt::format("\"{}\" is no name: names start with a letter or underscore and hold only "
                         "letters, digits, underscores and dashes",
                         label.text),
             label.span);
      return false;
    }
    return true;
  }

  /// A block of which everything is known.
  void Closed(const hcl::Block& block, std::string_view type) {
    auto schema = std::ranges::find(kSchemas, type, &Schema::type);
    if (schema == kSchemas.end() || block.body->json || block.body->partial) return;
    std::string what =
        block.labels.empty() ? fmt::format("this {} block", block.type) : Named(block);
    for (const hcl::Attribute& a : block.body->attributes) {
      if (Contains(schema->arguments, a.name)) continue;
      Report(fmt::format("{} takes no argument \"{}\"{}", what, a.name,
                         DidYouMean(a.name, schema->arguments)),
             a.name_span);
    }
    for (std::string_view name : schema->required) {
      if (is_override_) break;
      if (block.body->FindAttribute(name) == nullptr)
        Report(fmt::format("{} lacks the argument \"{}\"", what, name), block.header);
    }
    for (const hcl::Block& b : block.body->blocks) {
      if (!Contains(schema->blocks, b.type)) {
        Report(fmt::format("{} takes no block \"{}\"{}", what, b.type,
                           DidYouMean(b.type, schema->blocks)),
               b.type_span);
      } else if (is_override_ && schema->blocks.data() != kCheckBlocks.data()) {
        Report(fmt::format("an override file cannot override {} blocks", b.type), b.header);
      } else if (b.type != "data") {
        Closed(b, b.type);
      }
    }
  }

  void Resource(const hcl::Block& block) {
    const hcl::Body& body = *block.body;
    Counted(body);
    if (block.type == "resource" && block.labels[0].text == "terraform_data") {
      Closed(block, "terraform_data");
    } else {
      for (const hcl::Block& b : body.blocks) {
        if (b.type == "lifecycle") Closed(b, block.type == "resource" ? b.type : "data lifecycle");
      }
    }
    for (const hcl::Block& b : body.blocks) {
      if (b.type == "provisioner" && b.labels.size() != 1)
        Report("a provisioner block takes one label, its type", b.header);
    }
    Dynamics(body);
  }

  void Counted(const hcl::Body& body) {
    const hcl::Attribute* count = body.FindAttribute("count");
    const hcl::Attribute* for_each = body.FindAttribute("for_each");
    if (count == nullptr || for_each == nullptr) return;
    const hcl::Attribute* second = count->span.begin < for_each->span.begin ? for_each : count;
    Report(what_ + " has both count and for_each; only one of them can say how many there are",
           second->span);
  }

  // Depth is bounded by the parser.
  void Dynamics(const hcl::Body& body) {
    for (const hcl::Block& b : body.blocks) {
      if (b.type == "dynamic" && !b.body->json && !b.body->partial) Dynamic(b);
      Dynamics(*b.body);
    }
  }

  void Dynamic(const hcl::Block& block) {
    if (block.labels.size() != 1) {
      return Report("a dynamic block takes one label, the type of the blocks to make",
                    block.header);
    }
    std::string what = Named(block);
    std::string_view type = block.labels[0].text;
    if (type == "lifecycle" || type == "provisioner" || type == "connection")
      Report(fmt::format("{} blocks cannot be made dynamically", type), block.header);
    if (block.body->FindAttribute("for_each") == nullptr)
      Report(what + " lacks the argument \"for_each\"", block.header);
    auto contents = std::ranges::count(block.body->blocks, "content", &hcl::Block::type);
    if (contents != 1) {
      Report(fmt::format("{} {}", what,
                         contents == 0 ? "lacks a content block, which says what each block holds"
                                       : "has more than one content block"),
             block.header);
    }
    constexpr auto kArguments = std::to_array<std::string_view>({"for_each", "iterator", "labels"});
    for (const hcl::Attribute& a : block.body->attributes) {
      if (Contains(kArguments, a.name)) continue;
      Report(fmt::format("{} takes no argument \"{}\"{}; what the blocks hold stands in content",
                         what, a.name, DidYouMean(a.name, kArguments)),
             a.name_span);
    }
  }

  void Module(const hcl::Block& block) {
    const hcl::Body& body = *block.body;
    Counted(body);
    const hcl::Attribute* source = body.FindAttribute("source");
    if (source == nullptr && !body.partial && !is_override_)
      Report(what_ + " lacks the argument \"source\"", block.header);
    const hcl::Attribute* version = body.FindAttribute("version");
    if (version != nullptr && IsLocalSource(LiteralString(source))) {
      Report(what_ +
                 " has a version, but its source is a folder; only registry modules have "
                 "versions",
             version->span);
    }
    for (const hcl::Block& b : body.blocks) {
      Report(fmt::format("{} takes no block \"{}\"; a module's variables are set by arguments",
                         what_, b.type),
             b.type_span);
    }
  }

  void Variable(const hcl::Block& block) {
    if (Contains(kReservedVariables, block.labels[0].text)) {
      Report(fmt::format("a variable cannot be named \"{}\": module blocks use that argument "
                         "themselves",
                         block.labels[0].text),
             block.labels[0].span);
    }
    for (std::string_view name : {"sensitive", "nullable", "ephemeral"}) {
      const hcl::Attribute* a = block.body->FindAttribute(name);
      if (a == nullptr || a->expr->kind != hcl::ExprKind::kLiteral) continue;
      const Value& v = a->expr->value;
      bool is_bool =
          v.is_bool() || (v.is_string() && (v.as_string() == "true" || v.as_string() == "false"));
      if (!is_bool) Report(fmt::format("{}: {} must be true or false", what_, name), a->expr->span);
    }
    const hcl::Attribute* nullable = block.body->FindAttribute("nullable");
    const hcl::Attribute* fallback = block.body->FindAttribute("default");
    auto literal = [](const hcl::Attribute* a) {
      return a != nullptr && a->expr->kind == hcl::ExprKind::kLiteral;
    };
    if (literal(nullable) && literal(fallback) && nullable->expr->value.is_bool() &&
        !nullable->expr->value.as_bool() && fallback->expr->value.is_null()) {
      Report(what_ + " is not nullable, so its default must not be null", fallback->span);
    }
  }

  void Check(const hcl::Block& block) {
    if (block.body->json || block.body->partial) return;
    auto count = [&](std::string_view type) {
      return std::ranges::count(block.body->blocks, type, &hcl::Block::type);
    };
    if (count("assert") == 0)
      Report(what_ + " asserts nothing: it has no assert block", block.header);
    if (count("data") > 1) Report(what_ + " has more than one data block", block.header);
  }

  void Import(const hcl::Block& block) {
    const hcl::Body& body = *block.body;
    if (body.partial || body.FindAttribute("id") != nullptr ||
        body.FindAttribute("identity") != nullptr) {
      return;
    }
    Report("this import block lacks the argument \"id\"", block.header);
  }

  const bool is_override_;  // then blocks say only what they change
  Diagnostics& diagnostics_;
  std::string what_;
};

}  // namespace

void CheckBlocks(const ModuleFile& file, Diagnostics& diagnostics) {
  BlockCheck check(file.is_override, diagnostics);
  for (const hcl::Block& block : file.body->blocks) check.Top(block);
}

}  // namespace plumbline::terraform
