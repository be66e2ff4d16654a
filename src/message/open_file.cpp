// SPDX-License-Identifier: MIT
#include <cloakroom/open_file.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <limits>
#include <stdexcept>
#include <system_error>

namespace cloakroom {
namespace {

/// Closes a descriptor unless it is taken.
class descriptor_owner {
public:
    explicit descriptor_owner(int descriptor) noexcept : descriptor_(descriptor) {}
    descriptor_owner(const descriptor_owner&) = delete;
    descriptor_owner& operator=(const descriptor_owner&) = delete;
    ~descriptor_owner() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }

    [[nodiscard]] int value() const noexcept { return descriptor_; }
    [[nodiscard]] int take() noexcept { return std::exchange(descriptor_, -1); }

private:
    int descriptor_;
};

[[noreturn]] void fail(int error, const std::string& what) {
    throw std::system_error(error, std::system_category(), "cloakroom: " + what);
}

void write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            fail(errno, "writing to a file in memory");
        }
        bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
}

}  // namespace

struct open_file::shared_state {
    std::atomic<std::size_t> users{1};
    int descriptor = -1;
    std::size_t offset = 0;
    std::size_t size = 0;
    open_file whole{};  // that this is a part of, whose the descriptor is
};

open_file open_file::from_path(const std::string& path) {
    // A pipe without a writer would hold the thread; this way it is found to be none of ours.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        fail(errno, "opening " + path);
    }
    return from_descriptor(descriptor);
}

open_file open_file::from_descriptor(int descriptor) {
    descriptor_owner owner(descriptor);
    struct stat found {};
    if (::fstat(descriptor, &found) != 0) {
        fail(errno, "asking about a file");
    }
    if (!S_ISREG(found.st_mode)) {
        fail(S_ISDIR(found.st_mode) ? EISDIR : EINVAL, "only a regular file can be sent");
    }
    static_assert(std::numeric_limits<off_t>::max() <= std::numeric_limits<std::size_t>::max());
    open_file made(new shared_state);
    made.shared_->descriptor = owner.take();
    made.shared_->size = static_cast<std::size_t>(found.st_size);
    return made;
}

open_file open_file::from_bytes(std::string_view bytes) {
    descriptor_owner owner(::memfd_create("cloakroom", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (owner.value() < 0) {
        fail(errno, "making a file in memory");
    }
    write_all(owner.value(), bytes);
    if (::fcntl(owner.value(), F_ADD_SEALS,
                F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
        fail(errno, "sealing a file in memory");
    }
    return from_descriptor(owner.take());
}

open_file open_file::part(std::size_t first, std::size_t bytes) const {
    if (first > size() || bytes > size() - first) {
        throw std::out_of_range("cloakroom: the part of a file does not lie within it");
    }
    if (shared_ == nullptr) {
        return {};
    }
    open_file made(new shared_state);
    made.shared_->descriptor = shared_->descriptor;
    made.shared_->offset = shared_->offset + first;
    made.shared_->size = bytes;
    made.shared_->whole = shared_->whole ? shared_->whole : *this;
    return made;
}

std::size_t open_file::size() const noexcept {
    return shared_ == nullptr ? 0 : shared_->size;
}

int open_file::descriptor() const noexcept {
    return shared_ == nullptr ? -1 : shared_->descriptor;
}

std::size_t open_file::offset() const noexcept {
    return shared_ == nullptr ? 0 : shared_->offset;
}

std::size_t open_file::read(std::size_t from, char* into, std::size_t most) const {
    const std::size_t left = from < size() ? size() - from : 0;
    const std::size_t wanted = most < left ? most : left;
    std::size_t count = 0;
    while (count < wanted) {
        const ssize_t got = ::pread(shared_->descriptor, into + count, wanted - count,
                                    static_cast<off_t>(shared_->offset + from + count));
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            fail(errno, "reading a file");
        }
        count += got < 0 ? 0 : static_cast<std::size_t>(got);
    }
    return count;
}

void open_file::retain() const noexcept {
    shared_->users.fetch_add(1, std::memory_order_relaxed);
}

void open_file::release() noexcept {
    shared_state* const left = std::exchange(shared_, nullptr);
    if (left->users.fetch_sub(1, std::memory_order_acq_rel) != 1) {
        return;
    }
    if (!left->whole) {
        ::close(left->descriptor);
    }
    delete left;
}

}  // namespace cloakroom
