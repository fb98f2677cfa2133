// Syntax and type errors with their places, static types, records and host functions.
#include <gtest/gtest.h>

#include "cel/signature.h"
#include "testing.h"

namespace plumbline::cel {
namespace {

constexpr RecordField kAclFields[] = {{"mode", &kStringType}, {"public", &kBoolType}};
constexpr RecordType kAcl{"aws.s3.acl", kAclFields};
constexpr Type kAclType{TypeKind::kRecord, nullptr, nullptr, &kAcl};
constexpr Type kAclListType{TypeKind::kList, nullptr, &kAclType};
constexpr RecordField kBucketFields[] = {{"name", &kStringType},
                                         {"size", &kNumberType},
                                         {"acl", &kAclType},
                                         {"grants", &kAclListType},
                                         {"tags", nullptr}};
constexpr RecordType kBucket{"aws.s3.bucket", kBucketFields};
constexpr Type kBucketType{TypeKind::kRecord, nullptr, nullptr, &kBucket};

/// A record with values by slot that counts how often it is read.
class FakeRecord final : public Record {
 public:
  FakeRecord(const RecordType& record_type, std::vector<Val> values)
      : type_(record_type), values_(std::move(values)) {}
  Val Get(std::uint32_t slot) override {
    ++reads;
    return values_[slot];
  }
  const RecordType& type() const override { return type_; }
  Value ToValue(Arena& arena) override {
    std::vector<Member> members;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      members.push_back({type_.fields[i].name, cel::ToValue(values_[i], arena)});
    }
    return MakeObject(arena, members);
  }
  int reads = 0;

 private:
  const RecordType& type_;
  std::vector<Val> values_;
};

Val Twice(std::span<const Val> args, const Activation&) { return Val::Int(2 * args[0].as_int()); }
Val IsKnown(std::span<const Val> args, const Activation&) {
  return Val::Bool(!args[0].is_unknown());
}
constexpr Function kFunctions[] = {
    {"twice", 1, 1, &kIntType, false, &Twice},
    {"is_known", 1, 2, &kBoolType, true, &IsKnown},
};

class Model : public testing::Test {
 protected:
  Model()
      : acl_(kAcl, {Val::String("private"), Val::Bool(false)}),
        bucket_(kBucket, {Val::String("b"), Val::Int(5), Val::OfRecord(&acl_), Val::OfRecord(&acl_),
                          Val::Null()}) {
    c_.Functions(kFunctions);
    c_.Bind("self", Val::OfRecord(&bucket_), &kBucketType).Unknown("u");
    c_.Bind("bare", Val::OfRecord(&bucket_), nullptr);
  }
  FakeRecord acl_, bucket_;
  Calculator c_{true};
};

TEST_F(Model, SlotsAndFieldsByName) {
  EXPECT_EQ(c_.Run("self.acl.mode == 'private' && self.size == 5"), R"({"bool": true})");
  EXPECT_EQ(c_.Run("bare.acl.mode + bare.name"), R"({"string": "privateb"})");
  EXPECT_EQ(c_.Run("has(self.acl) && !has(self.tags) && has(bare.acl.mode)"), R"({"bool": true})");
  EXPECT_EQ(c_.Run("self.tags.x.y"), R"({"null": null})");
  EXPECT_EQ(c_.Run("self == bare && self.acl == {'mode': 'private', 'public': false}"),
            R"({"bool": true})");
}

TEST_F(Model, ALoneRecordIsAListOfOne) {
  EXPECT_EQ(c_.Run("self.grants.all(g, g.mode == 'private')"), R"({"bool": true})");
  EXPECT_EQ(c_.Run("self.acl.exists(a, a.public)"), R"({"bool": false})");
}

TEST_F(Model, ShortCircuitReadsNothingMore) {
  int before = bucket_.reads;
  c_.Run("self.acl.public && self.name == 'x'");
  EXPECT_EQ(bucket_.reads - before, 1);
}

TEST_F(Model, HostFunctions) {
  EXPECT_EQ(c_.Run("twice(21)"), R"({"int": "42"})");
  EXPECT_EQ(c_.Run("twice(u)"), R"({"unknown": []})");
  EXPECT_EQ(c_.Run("is_known(u)"), R"({"bool": false})");
  EXPECT_EQ(c_.Run("twice()"), "compile: 1:1: 'twice' takes 1 argument, not 0");
  EXPECT_EQ(c_.Run("is_known(1, 2, 3)"), "compile: 1:1: 'is_known' takes 1 to 2 arguments, not 3");
  EXPECT_EQ(c_.TypeOf("[twice(1)]"), "list(int)");
}

TEST_F(Model, Faults) {
  const Case kCases[] = {
      {"self.acl.mod", "compile: 1:9: aws.s3.acl has no field 'mod'; its fields are: mode, public"},
      {"self.grants.all(g,\n g.pubic)",
       "compile: 2:3: aws.s3.acl has no field 'pubic'; its fields are: mode, public"},
      {"self.size == '5'", "compile: 1:11: values of type number and string are never equal"},
      {"self.name > 5", "compile: 1:11: no '>' for (string, int)"},
      {"self.name.startsWith(5)", "compile: 1:11: no overload of 'startsWith' for (string, int)"},
      {"self.name && true", "compile: 1:5: expected a bool, found a value of type string"},
      {"self.name.field", "compile: 1:10: a value of type string has no fields, so no 'field'"},
      {"'a' in self.grants.map(g, g.public)",
       "compile: 1:5: list(bool) never holds a value of type string"},
      {"3 in self.size",
       "compile: 1:3: 'in' expects a list or a map, found a value of type number"},
      {"slf.name", "compile: 1:1: unknown name 'slf'; known here: self, u, bare"},
      {"nope(1)", "compile: 1:1: unknown function 'nope'"},
      {"self.name.nope()", "compile: 1:11: unknown function 'nope'"},
      {"self.name.matches('(')", "compile: 1:19: invalid regular expression: missing ): ("},
      {"self.size.map(x, x)",
       "compile: 1:5: expected a list or a map, found a value of type number"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(c_.Run(c.source), c.expected) << c.source;
  }
}

TEST_F(Model, StaticTypes) {
  const Case kCases[] = {
      {"self.acl.public && true", "bool"},
      {"self.tags.x", "dyn"},
      {"self.grants", "list(aws.s3.acl)"},
      {"self.grants.map(g, g.mode)", "list(string)"},
      {"self.grants.filter(g, g.public)[0].mode", "string"},
      {"self.size + 1", "number"},
      {"{'a': [1]}", "map(string, list(int))"},
      {"[1, 'a']", "list(dyn)"},
      {"true ? 1 : 2", "int"},
      {"self.name.split(',')", "list(string)"},
      {"timestamp('2024-01-01T00:00:00Z') - duration('1s')", "google.protobuf.Timestamp"},
      {"{'a': 1}.?b", "optional(int)"},
  };
  for (const Case& c : kCases) EXPECT_EQ(c_.TypeOf(c.source), c.expected) << c.source;
}

TEST(Parser, SyntaxErrors) {
  const Case kCases[] = {
      {"", "compile: 1:1: unexpected end, expected an expression"},
      {"1 +", "compile: 1:4: unexpected end, expected an expression"},
      {"1 2", "compile: 1:3: unexpected '2', expected an operator or the end"},
      {"(1", "compile: 1:3: unexpected end, expected ')'"},
      {"[1, 2", "compile: 1:6: unexpected end, expected ',' or ']'"},
      {"{1 2}", "compile: 1:4: unexpected '2', expected ':' after a key"},
      {"'abc", "compile: 1:1: unterminated string"},
      {"'a\nb'", "compile: 1:1: unterminated string at the end of the line"},
      {R"('\q')", "compile: 1:2: invalid escape in a string"},
      {R"('\ud800')", "compile: 1:7: invalid escape in a string"},
      {"1 @ 2", "compile: 1:3: unexpected character"},
      {"9223372036854775808", "compile: 1:1: int literal out of range"},
      {"0x10000000000000000u", "compile: 1:1: uint literal out of range"},
      {"1e999", "compile: 1:1: double literal out of range"},
      {"12ab", "compile: 1:3: unexpected letter after a number"},
      {"if", "compile: 1:1: 'if' is a reserved word"},
      {"[1].all(x.y, true)", "compile: 1:5: the macro's variable must be a simple name"},
      {"[1].all(i, i, true)", "compile: 1:5: the macro's two variables have the same name"},
      {"has(1)", "compile: 1:1: has() expects a field selection such as has(x.y)"},
      {"true ? 1", "compile: 1:9: unexpected end, expected ':' of a conditional"},
      {"'ü' + ", "compile: 1:7: unexpected end, expected an expression"},
  };
  for (const Case& c : kCases) EXPECT_EQ(Calculator().Run(c.source), c.expected) << c.source;
}

}  // namespace
}  // namespace plumbline::cel
