// aws_iam_policy_document as the AWS provider renders it.
#include <gtest/gtest.h>

#include "memory_fs.h"

namespace plumbline::terraform {
namespace {

TEST(PolicyDocumentTest, RendersAsTheProviderDoes) {
  Evaluated p(Files{{"/p/main.tf", R"(
data "aws_iam_policy_document" "p" {
  statement {
    sid       = "Read"
    actions   = ["s3:Get*", "s3:List*"]
    resources = ["arn:aws:s3:::b/&{aws:username}"]
    principals {
      type        = "AWS"
      identifiers = ["1", "2"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:x"
      values   = ["<v>"]
    }
  }
  statement {
    effect      = "Deny"
    not_actions = ["iam:*"]
    resources   = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "x" "r" { policy = data.aws_iam_policy_document.p.json }
)"}});
  const Value* v = p.Find("x.r", "policy");
  ASSERT_NE(v, nullptr);
  ASSERT_TRUE(v->is_string());
  EXPECT_EQ(v->as_string(), R"({
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": [
        "s3:List*",
        "s3:Get*"
      ],
      "Resource": "arn:aws:s3:::b/${aws:username}",
      "Principal": {
        "AWS": [
          "2",
          "1"
        ]
      },
      "Condition": {
        "StringEquals": {
          "aws:x": "\u003cv\u003e"
        }
      }
    },
    {
      "Effect": "Deny",
      "NotAction": "iam:*",
      "Resource": "*",
      "Principal": "*"
    }
  ]
})");
}

TEST(PolicyDocumentTest, MergesAndOverrides) {
  Evaluated p(Files{{"/p/main.tf", R"(
data "aws_iam_policy_document" "base" {
  statement {
    sid     = "One"
    actions = ["a:A"]
  }
  statement {
    sid     = "Two"
    actions = ["b:B"]
  }
}
data "aws_iam_policy_document" "p" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [jsonencode({ Statement = [{ Sid = "One", Effect = "Deny", Action = "c:C" }] })]
  statement { actions = ["d:D"] }
}
resource "x" "r" { policy = data.aws_iam_policy_document.p.minified_json }
)"}});
  EXPECT_EQ(p.Find("x.r", "policy")->as_string(),
            R"({"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Deny","Action":"c:C"},)"
            R"({"Sid":"Two","Effect":"Allow","Action":"b:B"},{"Effect":"Allow","Action":"d:D"}]})");
}

TEST(PolicyDocumentTest, UnknownPartsKeepTheStructure) {
  Evaluated p(Files{{"/p/main.tf", R"(
resource "aws_s3_bucket" "b" {}
data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["s3:*"]
    resources = ["${aws_s3_bucket.b.arn}/*"]
  }
}
resource "x" "r" { policy = data.aws_iam_policy_document.p.json }
)"}});
  const Value* v = p.Find("x.r", "policy");
  ASSERT_TRUE(v->is_unknown());
  const UnknownInfo* u = v->unknown();
  ASSERT_NE(u->json, nullptr);
  EXPECT_EQ(
      ToJson(*u->json),
      R"({"Statement":[{"Action":"s3:*","Effect":"Allow","Resource":{"$unknown":true}}],"Version":"2012-10-17"})");
  ASSERT_EQ(u->refs.size(), 1u);
  EXPECT_EQ(u->refs[0].address, "aws_s3_bucket.b");
  EXPECT_EQ(std::string(u->cause->text), "aws_s3_bucket.b.arn is known only after apply");
}

}  // namespace
}  // namespace plumbline::terraform
