// SPDX-License-Identifier: MIT
// The content of a file, to be sent as a response without being read into the program: a descriptor
// that is shared and closed with its last copy. What may be asked for, and how, is static_files.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cloakroom {

/// An open regular file, or a part of one; a value whose copies share the descriptor. Its size is
/// the one it had when it was opened: what the file gains later is not sent, and a response whose
/// file has become shorter meanwhile is cut off, with its connection.
///
/// Immutable and thread-safe as std::shared_ptr is. A file that is replaced on the disk by renaming
/// another over it stays what it was here; one that is written in place changes, also in the middle
/// of a response.
class open_file {
public:
    /// None.
    open_file() noexcept = default;
    open_file(const open_file& other) noexcept : shared_(other.shared_) {
        if (shared_ != nullptr) {
            retain();
        }
    }
    open_file(open_file&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
    open_file& operator=(open_file other) noexcept {
        std::swap(shared_, other.shared_);
        return *this;
    }
    ~open_file() { reset(); }

    /// Opens a regular file for reading, following symbolic links. Never wait for a slow disk on an
    /// event loop's thread: open such a file once, or in a blocking() handler.
    ///
    /// @param path  Chosen by the program. Where a client has a say in it, use static_files.
    /// @throws std::system_error when there is none or it is no regular file.
    [[nodiscard]] static open_file from_path(const std::string& path);

    /// Takes over a descriptor of a regular file, and closes it, also where this throws.
    ///
    /// @throws std::system_error when it is of something else.
    [[nodiscard]] static open_file from_descriptor(int descriptor);

    /// Has the system keep a copy of these bytes in memory, so that they are sent as a file is: for
    /// content of 16 KiB and more that the program makes once and serves often.
    ///
    /// @throws std::system_error when the system has no room, or no descriptor left.
    [[nodiscard]] static open_file from_bytes(std::string_view bytes);

    /// That part of it, on the same descriptor.
    ///
    /// @throws std::out_of_range unless `first` + `bytes` is at most size().
    [[nodiscard]] open_file part(std::size_t first, std::size_t bytes) const;

    /// Whether there is one.
    [[nodiscard]] explicit operator bool() const noexcept { return shared_ != nullptr; }

    /// How many bytes it has; 0 for none.
    [[nodiscard]] std::size_t size() const noexcept;

    /// Reads up to `most` bytes from byte number `from` on.
    ///
    /// @return How many it read: fewer only at the end of the file, as it is now, or of the part.
    /// @throws std::system_error when the system cannot read it.
    std::size_t read(std::size_t from, char* into, std::size_t most) const;

    /// The descriptor, which lives as this does and is not to be read with a position of its own;
    /// -1 for none.
    [[nodiscard]] int descriptor() const noexcept;

    /// Where in the descriptor's file this begins.
    [[nodiscard]] std::size_t offset() const noexcept;

    /// Makes this none.
    void reset() noexcept {
        if (shared_ != nullptr) {
            release();
        }
    }

private:
    struct shared_state;

    explicit open_file(shared_state* made) noexcept : shared_(made) {}
    void retain() const noexcept;
    void release() noexcept;

    shared_state* shared_ = nullptr;
};

}  // namespace cloakroom
