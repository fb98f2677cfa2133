// A line on the terminal that tells what a long scan is doing. Nothing is shown in the first
// second.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

namespace plumbline::cli {

/// Draws on stderr from its own thread while it lives; the line is wiped by the destructor.
class Progress {
 public:
  /// Does nothing when not `enabled`.
  explicit Progress(bool enabled);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// A ScanOptions::progress callback; `data` is the Progress.
  static void Callback(void* data, const char* phase, std::size_t done, std::size_t total);

 private:
  void Draw();

  std::atomic<const char*> phase_{nullptr};
  std::atomic<std::size_t> done_{0}, total_{0};
  std::mutex mutex_;
  std::condition_variable stop_signal_;
  bool stop_ = false;
  bool drawn_ = false;
  std::jthread thread_;
};

}  // namespace plumbline::cli
