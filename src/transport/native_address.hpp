#pragma once

#include "batchai/core/url.hpp"

#include <cpprest/base_uri.h>

/// Hosts as cpprestsdk takes them. It passes the host of a URI to the resolver unchanged, and a resolver takes IPv6
/// addresses only without brackets, while the Host field and the request to a proxy need them with brackets.
namespace batchai::inline v1 {

/// What a client connects to itself: always with the port, so that it ends the address.
web::uri address_to_connect(const Url& url);

/// What a proxy is asked to connect to.
web::uri address_to_name(const Url& url);

/// The Host field that has to be set because cpprestsdk's own would lack the brackets; empty: its own is right.
std::string own_host_field(const Url& url);

/// The host of a certificate: an address without its zone.
std::string host_without_zone(const Url& url);

bool is_ip_address(const std::string& host);

}  // namespace batchai::inline v1
