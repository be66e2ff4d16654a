// SPDX-License-Identifier: MIT
// Pistache, to compare with: one worker thread beside the one that accepts. Debian's
// libpistache-dev 0.0.5, of September 2022. The idiom: /usr/share/doc/libpistache-dev/examples and
// https://pistacheio.github.io/pistache/docs/http-handler
//
//     bench/peers/pistache_hello PORT
#include <pistache/endpoint.h>

#include <cstdint>
#include <string>

namespace {

struct hello : Pistache::Http::Handler {
    HTTP_PROTOTYPE(hello)

    void onRequest(const Pistache::Http::Request&,
                   Pistache::Http::ResponseWriter response) override {
        // Without this it closes, unless the client asks for what is HTTP/1.1's default.
        response.headers().remove<Pistache::Http::Header::Connection>();
        response.headers().add<Pistache::Http::Header::Connection>(
            Pistache::Http::ConnectionControl::KeepAlive);
        response.send(Pistache::Http::Code::Ok, "Hello, World!", MIME(Text, Plain));
    }
};

}  // namespace

int main(int argc, char** argv) {
    const int port = argc == 2 ? std::stoi(argv[1]) : 8080;
    const Pistache::Address address("127.0.0.1", static_cast<std::uint16_t>(port));
    const auto options = Pistache::Http::Endpoint::options().threads(1).flags(
        Pistache::Tcp::Options::ReuseAddr | Pistache::Tcp::Options::NoDelay);
    Pistache::Http::listenAndServe<hello>(address, options);
}
