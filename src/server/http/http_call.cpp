#include "server/http/http_call.hpp"

#include "batchai/core/url.hpp"

#include <system_error>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace batchai::server {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

http::request<http::string_body> message_of(const HttpCall& call, const Url& url) {
  http::request<http::string_body> request;
  request.method_string(call.method);
  request.target(url.target());
  request.set(http::field::host, url.authority());
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : call.headers) {
    request.set(name, value);
  }
  request.body() = call.body;
  request.prepare_payload();
  return request;
}

template <class Stream>
HttpCallAnswer call_over(Stream& stream, const http::request<http::string_body>& request) {
  http::write(stream, request);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(stream, buffer, response);
  return {static_cast<int>(response.result_int()), std::move(response.body())};
}

asio::ssl::context client_context(const std::string& ca_bundle) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.set_verify_mode(asio::ssl::verify_peer);
  if (ca_bundle.empty()) {
    context.set_default_verify_paths();
  } else {
    context.load_verify_file(ca_bundle);
  }
  return context;
}

}  // namespace

HttpCallAnswer http_call(const HttpCall& call) {
  const Url url = Url::parse(call.url);
  const auto request = message_of(call, url);
  asio::io_context io;
  try {
    asio::ip::tcp::resolver resolver(io);
    const auto addresses = resolver.resolve(url.host(), std::to_string(url.port()));
    if (url.scheme() != "https") {
      asio::ip::tcp::socket socket(io);
      asio::connect(socket, addresses);
      return call_over(socket, request);
    }
    auto context = client_context(call.ca_bundle);
    asio::ssl::stream<asio::ip::tcp::socket> stream(io, context);
    stream.set_verify_callback(asio::ssl::host_name_verification(url.host()));
    asio::connect(stream.next_layer(), addresses);
    stream.handshake(asio::ssl::stream_base::client);
    return call_over(stream, request);
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code(), "cannot ask the service at " + url.origin());
  }
}

}  // namespace batchai::server
