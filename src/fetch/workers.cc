#include "fetch/workers.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "support/arena.h"
#include "value/json.h"

namespace plumbline::fetch {
namespace {

using terraform::FetchAnswer;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 6;

struct Worker {
  pid_t pid = -1;
  int fd = -1;
  std::size_t index = 0;
  std::string text, scratch;
  Clock::time_point deadline;
};

void Remove(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

std::string Text(const Value& object, std::string_view name) {
  const Value* v = object.Find(name);
  return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string();
}

// Sanitizers map terabytes of shadow memory, which no bound on the address space allows.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kBoundMemory = false;
#else
constexpr bool kBoundMemory = true;
#endif

void SetLimits(const FetchLimits& limits) {
  rlimit memory{limits.max_memory_bytes, limits.max_memory_bytes};
  if (kBoundMemory) ::setrlimit(RLIMIT_AS, &memory);
  std::uint64_t largest = 2 * std::max(limits.max_package_bytes, limits.max_download_bytes);
  rlimit file{largest, largest};
  ::setrlimit(RLIMIT_FSIZE, &file);
  rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

[[noreturn]] void Work(const FetchOptions& options, const terraform::ModuleRequest& request,
                       const std::string& scratch, int fd) {
  SetLimits(options.limits);
  FetchAnswer answer = Downloader(options, scratch).Get(request);
  std::string text = AnswerText(0, answer);
  for (std::size_t at = 0; at < text.size();) {
    ssize_t n = ::write(fd, text.data() + at, text.size() - at);
    if (n <= 0) break;
    at += static_cast<std::size_t>(n);
  }
  ::_exit(0);
}

Result<Worker> Start(const FetchOptions& options, const terraform::ModuleRequest& request,
                     std::size_t index) {
  Worker w;
  w.index = index;
  std::string parent = options.cache + "/modules/tmp";
  std::error_code error;
  std::filesystem::create_directories(parent, error);
  std::string name = parent + "/XXXXXX";
  if (error || ::mkdtemp(name.data()) == nullptr) {
    return Fail(
        fmt::format("the cache {} cannot be written: {}; set PLUMBLINE_CACHE_DIR to a "
                    "folder that can",
                    options.cache, error ? error.message() : std::strerror(errno)));
  }
  w.scratch = name;
  int ends[2];
  if (::pipe(ends) != 0) return Fail(fmt::format("no pipe: {}", std::strerror(errno)));
  w.deadline = Clock::now() + std::chrono::seconds(options.limits.module_seconds);
  w.pid = ::fork();
  if (w.pid == 0) {
    ::close(ends[0]);
    Work(options, request, w.scratch, ends[1]);
  }
  ::close(ends[1]);
  w.fd = ends[0];
  if (w.pid < 0) return Fail(fmt::format("no process: {}", std::strerror(errno)));
  return w;
}

FetchAnswer AnswerOf(const std::string& text, int status, bool late, const FetchLimits& limits) {
  Arena arena;
  auto json = ParseJson(arena, text, Limits());
  if (json && json->is_mapping())
    return {Text(*json, "tree"), Text(*json, "subdir"), Text(*json, "version"),
            Text(*json, "error")};
  if (late)
    return {"", "", "",
            fmt::format("it took longer than the limit of {} seconds", limits.module_seconds)};
  return {"", "", "",
          WIFSIGNALED(status) ? fmt::format("getting it ended with signal {}", WTERMSIG(status))
                              : "getting it ended without an answer"};
}

// True when the worker has nothing more to say.
bool ReadSome(Worker& w) {
  char buffer[1 << 14];
  ssize_t n = ::read(w.fd, buffer, sizeof buffer);
  if (n < 0 && errno == EINTR) return false;
  if (n > 0) w.text.append(buffer, static_cast<std::size_t>(n));
  return n <= 0;
}

void Finish(Worker& w, bool late, const FetchLimits& limits, const OnAnswer& on_answer) {
  if (late) ::kill(w.pid, SIGKILL);
  int status = 0;
  while (::waitpid(w.pid, &status, 0) < 0 && errno == EINTR) continue;
  ::close(w.fd);
  Remove(w.scratch);
  on_answer(w.index, AnswerOf(w.text, status, late, limits));
}

int MillisecondsLeft(const std::vector<Worker>& workers) {
  auto first =
      std::min_element(workers.begin(), workers.end(),
                       [](const Worker& a, const Worker& b) { return a.deadline < b.deadline; });
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(first->deadline - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count() + 1));
}

}  // namespace

std::string AnswerText(std::size_t index, const FetchAnswer& answer) {
  std::string out = fmt::format("{{\"id\":\"{}\"", index);
  for (auto [name, text] :
       {std::pair{"tree", &answer.tree}, std::pair{"subdir", &answer.subdir},
        std::pair{"version", &answer.version}, std::pair{"error", &answer.error}}) {
    if (text->empty()) continue;
    out += fmt::format(",\"{}\":", name);
    AppendJsonString(out, *text);
  }
  return out + "}\n";
}

void FetchAll(const FetchOptions& options, const std::vector<terraform::ModuleRequest>& requests,
              const OnAnswer& on_answer) {
  std::vector<Worker> workers;
  std::size_t next = 0;
  while (next < requests.size() || !workers.empty()) {
    while (next < requests.size() && workers.size() < kAtOnce) {
      auto worker = Start(options, requests[next], next);
      if (worker) {
        workers.push_back(std::move(*worker));
      } else {
        on_answer(next, {"", "", "", worker.error().message});
      }
      ++next;
    }
    if (workers.empty()) continue;
    std::vector<pollfd> polled;
    for (const Worker& w : workers) polled.push_back({w.fd, POLLIN, 0});
    ::poll(polled.data(), polled.size(), MillisecondsLeft(workers));
    std::vector<Worker> open;
    for (std::size_t i = 0; i < workers.size(); ++i) {
      bool done = polled[i].revents != 0 && ReadSome(workers[i]);
      bool late = !done && Clock::now() >= workers[i].deadline;
      if (done || late) {
        Finish(workers[i], late, options.limits, on_answer);
      } else {
        open.push_back(std::move(workers[i]));
      }
    }
    workers = std::move(open);
  }
}

}  // namespace plumbline::fetch
