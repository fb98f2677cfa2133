#include "support/source.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace plumbline {
namespace {

TEST(Source, ColumnsCountCodePoints) {
  SourceMap sources;
  FileId file = sources.Add("a", "é b\nc");
  EXPECT_EQ(sources.Start({file, 3, 4}), (Position{1, 3}));
  EXPECT_EQ(sources.Start({file, 5, 6}), (Position{2, 1}));
  EXPECT_EQ(sources.End({file, 0, 99}), (Position{2, 2}));
}

// A plan is one line of many megabytes: a position in it costs no walk through all of it.
TEST(Source, PositionsFarBehindInALineAreCheap) {
  SourceMap sources;
  const std::uint32_t size = 32u << 20;
  FileId file = sources.Add("plan.json", std::string(size, 'x'));
  sources.Start({file, 0, 0});  // finds the lines
  auto start = std::chrono::steady_clock::now();
  for (std::uint32_t i = 0; i < 10'000; ++i)
    EXPECT_EQ(sources.Start({file, size - i, size}).column, size - i + 1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace plumbline
