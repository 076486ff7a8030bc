#pragma once

#include "batchai/core/http.hpp"

#include <exception>
#include <mutex>
#include <string>
#include <string_view>

#include <cpprest/astreambuf.h>
#include <pplx/pplxtasks.h>

namespace batchai::inline v1 {

/// A buffer of cpprestsdk that only copies bytes in order, in one direction; what else there is, is refused.
class OneWayBuffer : public concurrency::streams::details::streambuf_state_manager<unsigned char> {
 public:
  bool can_seek() const override { return true; }
  bool has_size() const override { return false; }
  std::size_t buffer_size(std::ios_base::openmode) const override { return 0; }
  void set_buffer_size(std::size_t, std::ios_base::openmode) override {}
  std::size_t in_avail() const override { return 0; }
  pos_type getpos(std::ios_base::openmode) const override { return static_cast<pos_type>(position_); }
  pos_type seekpos(pos_type position, std::ios_base::openmode) override;
  pos_type seekoff(off_type, std::ios_base::seekdir, std::ios_base::openmode) override { return traits::eof(); }
  bool acquire(unsigned char*& /*bytes*/, std::size_t& /*count*/) override { return false; }
  void release(unsigned char* /*bytes*/, std::size_t /*count*/) override {}
  /// At once. That of cpprestsdk waits for a continuation, and is waited for itself where a step fails: for ever where
  /// the thread that waits is the only one.
  pplx::task<void> close(std::ios_base::openmode mode) override;
  pplx::task<void> close(std::ios_base::openmode mode, std::exception_ptr error) override;

  /// When this returns, what the caller of the exchange has lent is not used any more.
  virtual void detach();
  /// What reading or writing has thrown; null: nothing.
  std::exception_ptr failure() const;

 protected:
  using streambuf_state_manager::streambuf_state_manager;

  /// Calls `copy` unless detached, and moves on by `count`. Not by two threads at the same time.
  template <class Copy>
  pplx::task<std::size_t> step(std::size_t count, const Copy& copy);

  pplx::task<int_type> _putc(unsigned char) override { return none(); }
  pplx::task<std::size_t> _putn(const unsigned char* /*bytes*/, std::size_t /*count*/) override;
  pplx::task<int_type> _bumpc() override { return none(); }
  int_type _sbumpc() override { return traits::eof(); }
  pplx::task<int_type> _getc() override { return none(); }
  int_type _sgetc() override { return traits::eof(); }
  pplx::task<int_type> _nextc() override { return none(); }
  pplx::task<int_type> _ungetc() override { return none(); }
  pplx::task<std::size_t> _getn(unsigned char* /*bytes*/, std::size_t /*count*/) override;
  std::size_t _scopy(unsigned char* /*bytes*/, std::size_t /*count*/) override { return 0; }
  pplx::task<bool> _sync() override { return pplx::task_from_result(true); }
  unsigned char* _alloc(std::size_t) override { return nullptr; }
  void _commit(std::size_t) override {}

  mutable std::mutex mutex_;
  std::uint64_t position_ = 0;

 private:
  static pplx::task<int_type> none() { return pplx::task_from_result<int_type>(traits::eof()); }

  bool detached_ = false;
  std::exception_ptr failure_;
};

/// The body of a request, from where the request has it.
class SendingBuffer final : public OneWayBuffer {
 public:
  /// `request` is used until detach().
  explicit SendingBuffer(const HttpRequest& request) : OneWayBuffer(std::ios_base::in), request_(request) {}

 private:
  pplx::task<std::size_t> _getn(unsigned char* bytes, std::size_t count) override;

  const HttpRequest& request_;
};

/// The body of an answer. What has come waits until direct() has said where it goes.
class ReceivingBuffer final : public OneWayBuffer {
 public:
  /// `sink` is used until detach(); null: there is none.
  explicit ReceivingBuffer(BodySink* sink);

  /// Says by the answer's head where the body goes: to the sink or, about `length` bytes, into the text.
  void direct(bool to_sink, std::size_t length);
  void detach() override;
  /// To be called at the end.
  std::string take_text() { return std::move(text_); }
  std::uint64_t sunk() const noexcept { return to_sink_ ? position_ : 0; }

 private:
  pplx::task<std::size_t> _putn(const unsigned char* bytes, std::size_t count) override;
  pplx::task<std::size_t> put(std::string_view bytes);

  BodySink* sink_;
  bool to_sink_ = false;
  std::string text_;
  pplx::task_completion_event<void> directed_;
  pplx::task<void> is_directed_;
};

}  // namespace batchai::inline v1
