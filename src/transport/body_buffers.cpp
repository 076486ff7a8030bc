#include "transport/body_buffers.hpp"

#include "batchai/core/body.hpp"
#include "batchai/core/error.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace batchai::inline v1 {
namespace {

/// Reserved for an answer at most, whatever it says of its length.
constexpr std::size_t kLargestReserve = 16U << 20U;

char* as_chars(unsigned char* bytes) { return reinterpret_cast<char*>(bytes); }

}  // namespace

OneWayBuffer::pos_type OneWayBuffer::seekpos(pos_type position, std::ios_base::openmode) {
  const std::scoped_lock lock(mutex_);
  position_ = static_cast<std::uint64_t>(static_cast<std::streamoff>(position));
  return position;
}

pplx::task<void> OneWayBuffer::close(std::ios_base::openmode mode) {
  if ((mode & std::ios_base::in) != 0) {
    _close_read();
  }
  if ((mode & std::ios_base::out) != 0) {
    _close_write();
  }
  return pplx::task_from_result();
}

pplx::task<void> OneWayBuffer::close(std::ios_base::openmode mode, std::exception_ptr error) {
  if (m_currentException == nullptr) {
    m_currentException = std::move(error);
  }
  return close(mode);
}

void OneWayBuffer::detach() {
  const std::scoped_lock lock(mutex_);
  detached_ = true;
}

std::exception_ptr OneWayBuffer::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

template <class Copy>
pplx::task<std::size_t> OneWayBuffer::step(std::size_t count, const Copy& copy) {
  const std::scoped_lock lock(mutex_);
  try {
    if (detached_) {
      throw Cancelled();
    }
    copy();
  } catch (...) {
    failure_ = std::current_exception();
    return pplx::task_from_exception<std::size_t>(failure_);
  }
  position_ += count;
  return pplx::task_from_result(count);
}

pplx::task<std::size_t> OneWayBuffer::_putn(const unsigned char* /*bytes*/, std::size_t /*count*/) {
  return pplx::task_from_result<std::size_t>(0);
}

pplx::task<std::size_t> OneWayBuffer::_getn(unsigned char* /*bytes*/, std::size_t /*count*/) {
  return pplx::task_from_result<std::size_t>(0);
}

pplx::task<std::size_t> SendingBuffer::_getn(unsigned char* bytes, std::size_t count) {
  // cpprestsdk asks for no more than the announced length.
  return step(count, [&] {
    if (request_.source != nullptr) {
      request_.source->read(position_, {as_chars(bytes), count});
    } else {
      request_.body.copy(as_chars(bytes), count, position_);
    }
  });
}

ReceivingBuffer::ReceivingBuffer(BodySink* sink)
    : OneWayBuffer(std::ios_base::out), sink_(sink), is_directed_(pplx::create_task(directed_)) {}

void ReceivingBuffer::direct(bool to_sink, std::size_t length) {
  {
    const std::scoped_lock lock(mutex_);
    to_sink_ = to_sink && sink_ != nullptr;
    text_.reserve(to_sink_ ? 0 : std::min(length, kLargestReserve));
  }
  directed_.set();
}

void ReceivingBuffer::detach() {
  OneWayBuffer::detach();
  directed_.set();
}

pplx::task<std::size_t> ReceivingBuffer::_putn(const unsigned char* bytes, std::size_t count) {
  const std::string_view all(reinterpret_cast<const char*>(bytes), count);
  if (is_directed_.is_done()) {
    return put(all);
  }
  // The bytes stay until the task is done.
  return is_directed_.then([self = shared_from_this(), this, all] { return put(all); });
}

pplx::task<std::size_t> ReceivingBuffer::put(std::string_view bytes) {
  return step(bytes.size(), [&] {
    if (to_sink_) {
      sink_->write(position_, bytes);
    } else {
      text_.append(bytes);
    }
  });
}

}  // namespace batchai::inline v1
