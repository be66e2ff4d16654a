// SPDX-License-Identifier: MIT
// RESTinio, to compare with: one thread, without locks, on Boost.Asio. Debian's librestinio-dev 0.6.16.
// The idiom: https://stiffstream.com/en/docs/restinio/0.6/ and the example of
// default_single_thread_traits_t in <restinio/traits.hpp>.
//
//     bench/peers/restinio_hello PORT
#include <restinio/all.hpp>

#include <chrono>
#include <cstdint>
#include <string>

int main(int argc, char** argv) {
    const int port = argc == 2 ? std::stoi(argv[1]) : 8080;
    restinio::run(restinio::on_this_thread<restinio::default_single_thread_traits_t>()
                      .address("127.0.0.1")
                      .port(static_cast<std::uint16_t>(port))
                      .read_next_http_message_timelimit(std::chrono::seconds(75))
                      .request_handler([](const restinio::request_handle_t& request) {
                          return request->create_response()
                              .append_header(restinio::http_field::content_type,
                                             "text/plain; charset=utf-8")
                              .append_header_date_field()
                              .set_body("Hello, World!")
                              .done();
                      }));
}
