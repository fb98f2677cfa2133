#include "cli/progress.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

namespace plumbline::cli {
namespace {
constexpr std::chrono::milliseconds kQuietTime{1000}, kInterval{100};
}

Progress::Progress(bool enabled) {
  if (!enabled) return;
  thread_ = std::jthread([this] {
    std::unique_lock lock(mutex_);
    if (stop_signal_.wait_for(lock, kQuietTime, [this] { return stop_; })) return;
    do Draw();
    while (!stop_signal_.wait_for(lock, kInterval, [this] { return stop_; }));
  });
}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stop_signal_.notify_one();
  thread_.join();
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::Callback(void* data, const char* phase, std::size_t done, std::size_t total) {
  auto* self = static_cast<Progress*>(data);
  self->phase_ = phase;
  self->done_ = done;
  self->total_ = total;
}

void Progress::Draw() {
  const char* phase = phase_;
  if (phase == nullptr) return;
  if (total_ > 0) {
    fmt::print(stderr, "\r\x1b[K{} {}/{}", phase, done_.load(), total_.load());
  } else {
    fmt::print(stderr, "\r\x1b[K{} …", phase);
  }
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace plumbline::cli
