// A bump allocator: trees, values and models of one project live in one arena and are freed at
// once. Nothing allocated here has its destructor run, so only trivially destructible types are
// accepted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace plumbline {

/// Owns memory that is released all together. Not thread-safe: one arena belongs to one thread at a
/// time.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// `size` bytes aligned to `align` (a power of two, at most 16).
  void* Allocate(std::size_t size, std::size_t align) {
    std::uintptr_t at = (next_ + align - 1) & ~(static_cast<std::uintptr_t>(align) - 1);
    if (at + size > end_) return AllocateSlow(size, align);
    next_ = at + size;
    return reinterpret_cast<void*>(at);
  }

  template <typename T, typename... Args>
  T* New(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (Allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  /// `n` value-initialised elements.
  template <typename T>
  std::span<T> NewArray(std::size_t n) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (n == 0) return {};
    T* p = static_cast<T*>(Allocate(sizeof(T) * n, alignof(T)));
    for (std::size_t i = 0; i < n; ++i) new (p + i) T{};
    return {p, n};
  }

  template <typename T>
  std::span<const T> Copy(std::span<const T> from) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (from.empty()) return {};
    T* p = static_cast<T*>(Allocate(sizeof(T) * from.size(), alignof(T)));
    std::memcpy(static_cast<void*>(p), from.data(), sizeof(T) * from.size());
    return {p, from.size()};
  }
  template <typename T>
  std::span<const T> Copy(const std::vector<T>& from) {
    return Copy(std::span<const T>(from));
  }

  std::string_view CopyString(std::string_view s) {
    if (s.empty()) return {};
    char* p = static_cast<char*>(Allocate(s.size(), 1));
    std::memcpy(p, s.data(), s.size());
    return {p, s.size()};
  }

  /// Bytes handed out so far, for limits and measurements.
  std::size_t used() const { return used_ + (next_ - begin_); }

 private:
  void* AllocateSlow(std::size_t size, std::size_t align);

  std::uintptr_t begin_ = 0, next_ = 0, end_ = 0;
  std::size_t used_ = 0;
  std::size_t block_size_ = 4 * 1024;
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
};

}  // namespace plumbline
