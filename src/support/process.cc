#include "support/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "support/fs.h"

extern char** environ;

namespace plumbline {
namespace {

struct Descriptor {
  int fd = -1;
  ~Descriptor() { Close(); }
  void Close() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

// A file in memory cannot block, whichever side is slow.
bool WriteInput(int fd, const std::string& input) {
  for (std::size_t at = 0; at < input.size();) {
    ssize_t n = ::write(fd, input.data() + at, input.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += static_cast<std::size_t>(n);
  }
  return ::lseek(fd, 0, SEEK_SET) == 0;
}

Result<pid_t> Start(const std::string& path, int input, int output) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  std::string name(BaseName(path));
  char* arguments[] = {name.data(), nullptr};
  pid_t pid = 0;
  int error = ::posix_spawn(&pid, path.c_str(), &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return Fail(fmt::format("{} cannot be started: {}", path, std::strerror(error)));
  return pid;
}

bool ReadOutput(int fd, std::size_t max_output, std::string& out) {
  char buffer[1 << 14];
  while (true) {
    ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n == 0;
    out.append(buffer, static_cast<std::size_t>(n));
    if (out.size() > max_output) return false;
  }
}

}  // namespace

Result<std::string> RunProgram(const std::string& path, const std::string& input,
                               std::size_t max_output) {
  Descriptor in{::memfd_create("input", MFD_CLOEXEC)};
  int ends[2];
  if (in.fd < 0 || !WriteInput(in.fd, input) || ::pipe2(ends, O_CLOEXEC) != 0)
    return Fail(fmt::format("{} cannot be started: {}", path, std::strerror(errno)));
  Descriptor read_end{ends[0]}, write_end{ends[1]};
  PL_TRY(pid_t pid, Start(path, in.fd, write_end.fd));
  write_end.Close();
  std::string out;
  bool ok = ReadOutput(read_end.fd, max_output, out);
  if (!ok) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  if (!ok) return Fail(fmt::format("{} wrote more than the limit of {} bytes", path, max_output));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Fail(WIFEXITED(status)
                    ? fmt::format("{} ended with exit code {}", path, WEXITSTATUS(status))
                    : fmt::format("{} was ended by signal {}", path, WTERMSIG(status)));
  }
  return out;
}

std::string ProgramFolder() {
  char path[PATH_MAX];
  ssize_t n = ::readlink("/proc/self/exe", path, sizeof path);
  if (n <= 0) return {};
  return std::string(DirName(std::string_view(path, static_cast<std::size_t>(n))));
}

}  // namespace plumbline
