#include "cel/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace plumbline::cel {
namespace {

enum class Range : std::uint8_t { kAny, kInt32, kUint32, kFloat };

struct Message {
  std::string_view name;
  std::string_view fields;  // separated by spaces; at most one may be given
  Op empty;                 // the literal it stands for when none is
  Range range = Range::kAny;
};

constexpr auto kMessages = std::to_array<Message>({
    {"google.protobuf.BoolValue", "value", Op::kBool},
    {"google.protobuf.BytesValue", "value", Op::kBytes},
    {"google.protobuf.DoubleValue", "value", Op::kDouble},
    {"google.protobuf.FloatValue", "value", Op::kDouble, Range::kFloat},
    {"google.protobuf.Int32Value", "value", Op::kInt, Range::kInt32},
    {"google.protobuf.Int64Value", "value", Op::kInt},
    {"google.protobuf.ListValue", "values", Op::kList},
    {"google.protobuf.StringValue", "value", Op::kString},
    {"google.protobuf.Struct", "fields", Op::kMap},
    {"google.protobuf.UInt32Value", "value", Op::kUint, Range::kUint32},
    {"google.protobuf.UInt64Value", "value", Op::kUint},
    {"google.protobuf.Value",
     "null_value number_value string_value bool_value struct_value list_value", Op::kNull},
});
static_assert(std::ranges::is_sorted(kMessages, {}, &Message::name));

const Message* Find(std::string_view name) {
  auto it = std::ranges::lower_bound(kMessages, name, {}, &Message::name);
  return it != kMessages.end() && it->name == name ? &*it : nullptr;
}

bool HasField(std::string_view fields, std::string_view name) {
  while (!fields.empty()) {
    std::string_view field = fields.substr(0, fields.find(' '));
    if (field == name) return true;
    fields.remove_prefix(std::min(field.size() + 1, fields.size()));
  }
  return false;
}

/// Literals are checked against the narrow types, and rounded to single precision.
bool Narrow(Ast& value, Range range) {
  auto number = static_cast<std::int64_t>(value.bits);
  if (range == Range::kInt32 && value.op == Op::kInt)
    return number >= INT32_MIN && number <= INT32_MAX;
  if (range == Range::kUint32 && value.op == Op::kUint) return value.bits <= UINT32_MAX;
  if (range == Range::kFloat && value.op == Op::kDouble) {
    auto rounded = static_cast<double>(static_cast<float>(std::bit_cast<double>(value.bits)));
    value.bits = std::bit_cast<std::uint64_t>(rounded);
  }
  return true;
}

}  // namespace

bool IsMessage(std::string_view name) { return Find(name) != nullptr; }

std::string FoldMessage(Ast& literal, std::string_view name) {
  const Message* message = Find(name);
  auto fields = literal.kids.subspan(1);
  if (fields.size() > 1) return fmt::format("{} takes one field", name);
  if (fields.empty()) {
    literal.op = message->empty;
    literal.kids = {};
    literal.text = {};
    return {};
  }
  const Ast& field = *fields[0];
  if (field.optional || !HasField(message->fields, field.text)) {
    return fmt::format("{} has no field '{}'; its fields are: {}", name, field.text,
                       message->fields);
  }
  Ast value = *field.kids[0];
  if (!Narrow(value, message->range)) return fmt::format("the value of {} is out of range", name);
  value.optional = literal.optional;
  literal = value;
  return {};
}

}  // namespace plumbline::cel
