// SPDX-License-Identifier: MIT
#include "files/directory.hpp"

#include <cloakroom/setup_error.hpp>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cloakroom::files {
namespace {

// The system asks for another try where something was renamed meanwhile.
constexpr int most_tries = 8;

int open_beneath(int directory, const char* path, std::uint64_t flags) noexcept {
    open_how how{};
    how.flags = flags | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    long result = -1;
    int tries = 0;
    do {
        result = ::syscall(SYS_openat2, directory, path, &how, sizeof how);
    } while (result < 0 && (errno == EAGAIN || errno == EINTR) && ++tries < most_tries);
    return static_cast<int>(result);
}

found_file::kind kind_of_error(int error) {
    switch (error) {
        case ENOENT:
        case ENOTDIR:
        case EACCES:
        case EPERM:
        case ELOOP:
        case EXDEV:  // leads outside
        case ENAMETOOLONG:
        case EINVAL:
        case EILSEQ:
        case ENXIO:  // a socket
        case ENODEV:
            return found_file::kind::absent;
        case EMFILE:
        case ENFILE:
        case ENOMEM:
        case EAGAIN:
            return found_file::kind::exhausted;
        default:
            throw std::system_error(error, std::system_category(), "cloakroom: opening a file");
    }
}

found_file::time time_of(const timespec& from) noexcept {
    return found_file::time{std::chrono::seconds{from.tv_sec} +
                            std::chrono::nanoseconds{from.tv_nsec}};
}

}  // namespace

directory::directory(const std::string& path)
    : descriptor_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    if (descriptor_ < 0) {
        throw setup_error("the directory \"" + path + "\" cannot be served (" +
                          std::system_category().message(errno) +
                          "): give the path of one, relative to the working directory or absolute");
    }
    const int probe = open_beneath(descriptor_, ".", O_PATH);
    const int error = errno;
    if (probe >= 0) {
        ::close(probe);
        return;
    }
    ::close(descriptor_);
    const bool is_unknown = error == ENOSYS || error == EPERM;
    throw setup_error(
        "the directory \"" + path + "\" cannot be served (" +
        std::system_category().message(error) + "): " +
        (is_unknown ? "this takes the system call openat2, of Linux 5.6 or later, allowed by the "
                      "sandbox if there is one"
                    : "give the program the right to enter it"));
}

directory::~directory() {
    ::close(descriptor_);
}

found_file directory::open(const std::string& path) const {
    const int descriptor =
        open_beneath(descriptor_, path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        return {kind_of_error(errno)};
    }
    struct stat about {};
    const bool is_known = ::fstat(descriptor, &about) == 0;
    if (!is_known || !S_ISREG(about.st_mode)) {
        ::close(descriptor);
        return {is_known && S_ISDIR(about.st_mode) ? found_file::kind::directory
                                                   : found_file::kind::absent};
    }
    return {found_file::kind::file, open_file::from_descriptor(descriptor), about.st_ino,
            time_of(about.st_mtim), time_of(about.st_ctim)};
}

}  // namespace cloakroom::files
