#include "support/arena.h"

#include <algorithm>

namespace plumbline {

void* Arena::AllocateSlow(std::size_t size, std::size_t align) {
  used_ += next_ - begin_;
  // Blocks double up to 1 MiB: a small project stays small, a large one makes few system calls.
  std::size_t want = std::max(block_size_, size + align);
  block_size_ = std::min<std::size_t>(block_size_ * 2, 1u << 20);
  blocks_.emplace_back(new std::byte[want]);
  begin_ = reinterpret_cast<std::uintptr_t>(blocks_.back().get());
  end_ = begin_ + want;
  std::uintptr_t at = (begin_ + align - 1) & ~(static_cast<std::uintptr_t>(align) - 1);
  next_ = at + size;
  return reinterpret_cast<void*>(at);
}

}  // namespace plumbline
