#include "server/http/connection.hpp"

#include "core/random.hpp"
#include "server/http/request_head.hpp"
#include "server/http/response_head.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <new>
#include <type_traits>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <unistd.h>

namespace batchai::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using std::chrono::steady_clock;

using PlainStream = asio::ip::tcp::socket;
using TlsStream = asio::ssl::stream<asio::ip::tcp::socket>;

/// Of TLS a read gives one record at most, which is 16 KiB.
constexpr std::size_t kTlsReadPiece = 16 * 1024;
constexpr std::size_t kReadPiece = 64 * 1024;
constexpr std::size_t kFilePiece = 256 * 1024;
/// What an idle connection may keep of a buffer.
constexpr std::size_t kKeptBuffer = 4 * 1024;
/// Time for a peer to receive a piece of an answer before it counts as one that keeps others waiting.
constexpr std::chrono::seconds kTakingTime{10};
/// How long and for how many bytes a refused peer may go on sending, so that it gets to see the answer: closing with
/// unread input makes TCP throw the answer away.
constexpr std::chrono::milliseconds kLingerTime{2'000};
constexpr std::size_t kLingerBytes = 64 * 1024 * 1024;

/// One connection: reads a request, has a worker answer it, writes the answer, and so on. All members are touched on
/// the strand of the stream only, except `request_` and `response_` while a worker has them.
template <class Stream>
class Connection final : public ConnectionHandle, public std::enable_shared_from_this<Connection<Stream>> {
 public:
  Connection(const ConnectionSetting& setting, Stream stream) : setting_(setting), stream_(std::move(stream)) {
    error_code ignored;
    remote_address_ = socket().remote_endpoint(ignored).address().to_string();
  }
  ~Connection() override { setting_.registry.remove(this); }

  void start() {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] { self->begin(); });
  }

  void drain() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
      self->draining_ = true;
      if (self->idle_) {
        self->close();
      } else if (self->awaited_) {
        self->end_waiting();
      }
    });
  }

  void cut() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] { self->close(); });
  }

  void evict(steady_clock::time_point since) override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this(), since] {
      if (self->idle_since() == since || self->owing_since() == since) {
        self->close();
      }
    });
  }

  std::optional<steady_clock::time_point> idle_since() const override { return moment(idle_since_); }
  std::optional<steady_clock::time_point> owing_since() const override { return moment(owing_since_); }

 private:
  static constexpr steady_clock::duration kNotNow{-1};
  static constexpr steady_clock::time_point kNever = steady_clock::time_point::max();
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

  asio::ip::tcp::socket& socket() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }
  const ListenLimits& limits() const { return setting_.options.limits; }

  static std::optional<steady_clock::time_point> moment(const std::atomic<steady_clock::duration>& since) {
    const auto value = since.load();
    return value == kNotNow ? std::nullopt : std::optional(steady_clock::time_point(value));
  }

  void set_idle(bool idle) {
    idle_ = idle;
    idle_since_ = idle && served_ > 0 ? steady_clock::now().time_since_epoch() : kNotNow;
  }

  void set_owing(std::optional<steady_clock::time_point> since) {
    owing_since_ = since ? since->time_since_epoch() : kNotNow;
  }

  /// Until when the peer has to do what it is expected to do now.
  void expect_until(steady_clock::time_point deadline) {
    deadline_ = deadline;
    if (deadline_ < alarm_) {
      set_alarm();
    }
  }
  void expect_within(steady_clock::duration time) { expect_until(steady_clock::now() + time); }
  void expect_nothing() { deadline_ = kNever; }

  /// A deadline that is put off does not touch the timer, as nearly all are: it goes off for the old one then, and is
  /// set for the new one.
  void set_alarm() {
    alarm_ = deadline_;
    alarm_timer_.expires_at(alarm_);
    alarm_timer_.async_wait([weak = this->weak_from_this()](error_code error) {
      if (const auto self = weak.lock(); self && !error) {
        self->on_alarm();
      }
    });
  }

  void on_alarm() {
    alarm_ = kNever;
    if (deadline_ > steady_clock::now()) {
      return expect_until(deadline_);
    }
    if (!lingering_) {
      ++setting_.counters.timed_out;
    }
    close();
  }

  void close() {
    expect_nothing();
    drop_waiting();
    error_code ignored;
    socket().close(ignored);
  }

  void begin() {
    set_owing(steady_clock::now());
    if constexpr (kTls) {
      expect_within(limits().head_time);
      stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](error_code error) {
        if (!error) {
          self->await_request();
        }
      });
    } else {
      await_request();
    }
  }

  // --- reading

  /// Calls `next` after something has been read; a failed or late read ends the connection.
  template <class Next>
  void read_some(Next next) {
    stream_.async_read_some(asio::buffer(piece_),
                            [self = this->shared_from_this(), next](error_code error, std::size_t size) {
                              self->set_idle(false);
                              // drain() may have closed the connection after the bytes came and before this call.
                              if (!error && self->socket().is_open()) {
                                self->input_.append(self->piece_.data(), size);
                                next(*self);
                              }
                            });
  }

  void await_request() {
    parser_.emplace();
    parser_->body_limit(limits().body_bytes);
    request_ = {};
    scanned_ = 0;
    head_bytes_ = 0;
    admitted_ = false;
    begun_ = steady_clock::now();
    set_owing(begun_);
    if (!input_.empty()) {
      expect_within(limits().head_time);
      return continue_head();
    }
    if (draining_) {
      return close();
    }
    drop_buffers();
    set_idle(true);
    if (served_ > 0) {
      set_owing(std::nullopt);
    }
    expect_within(served_ == 0 ? limits().head_time : limits().idle_time);
    read_some([](Connection& self) {
      self.begun_ = steady_clock::now();
      self.set_owing(self.begun_);
      self.expect_within(self.limits().head_time);
      self.continue_head();
    });
  }

  void continue_head() {
    while (input_.compare(0, 2, "\r\n") == 0) {
      input_.erase(0, 2);  // RFC 9112 2.2: empty lines before a request are passed over
      scanned_ = 0;
    }
    const std::size_t from = scanned_ < 3 ? 0 : scanned_ - 3;
    const std::size_t end = input_.find("\r\n\r\n", from);
    const std::size_t head_size = end == std::string::npos ? input_.size() : end + 4;
    if (auto refusal = check_line_ends(std::string_view(input_).substr(0, head_size))) {
      return refuse(*refusal);
    }
    if (head_size > limits().head_bytes) {
      return refuse({431, "The header fields of the request are too large."});
    }
    if (end != std::string::npos) {
      return finish_head(head_size);
    }
    scanned_ = input_.size();
    read_some([](Connection& self) { self.continue_head(); });
  }

  void finish_head(std::size_t size) {
    const auto refusal = read_head(*parser_, std::string_view(input_).substr(0, size));
    head_request_ = parser_->is_header_done() && parser_->get().method() == beast::http::verb::head;
    head_bytes_ = size;
    // Also of a refused request, for the log.
    const auto bad_target = parser_->get().target().empty() ? std::nullopt : fill_request(request_, *parser_);
    if (refusal || bad_target) {
      return refuse(refusal ? *refusal : *bad_target);
    }
    input_.erase(0, size);
    identify_request();
    body_begun_ = steady_clock::now();
    if (parser_->is_done()) {
      return handle();
    }
    parser_->eager(true);
    continue_body();
  }

  void identify_request() {
    request_.remote_address = remote_address_;
    request_.over_tls = kTls;
    request_.request_id = random_guid();
  }

  void continue_body() {
    error_code error;
    while (!input_.empty() && !parser_->is_done() && !error) {
      input_.erase(0, parser_->put(asio::buffer(input_), error));
    }
    if (error && error != beast::http::error::need_more) {
      return refuse(refusal_of(error));
    }
    if (auto refusal = check_body()) {
      return refuse(*refusal);
    }
    if (parser_->is_done()) {
      return handle();
    }
    if (!admitted_) {
      return ask_gatekeeper();
    }
    await_body();
  }

  std::optional<Refusal> check_body() {
    const std::uint64_t size = parser_->get().body().size();
    if (admitted_ && !proved_ && std::max(size, parser_->content_length().value_or(0)) > BodyBudget::kFree) {
      return Refusal{413, "The request body is too large."};
    }
    // By its size, not by its cost: otherwise sign-ins would need memory that others may have taken.
    if (size > BodyBudget::kFree && !body_share_.grow_to(size * limits().body_cost)) {
      return Refusal{503, "The service is busy with the bodies of other requests. Try again later."};
    }
    if (input_.size() > limits().head_bytes && !parser_->is_done()) {
      return Refusal{400, "A chunk header or the trailer of the request is too large."};
    }
    return std::nullopt;
  }

  void await_body() {
    const std::chrono::milliseconds earned(parser_->get().body().size() * 1000 / limits().body_rate);
    expect_until(body_begun_ + std::min(limits().body_time, limits().body_grace + earned));
    read_some([](Connection& self) { self.continue_body(); });
  }

  /// The body is not read, and gets no memory, before the head has been admitted.
  void ask_gatekeeper() {
    if (!setting_.options.gatekeeper) {
      return let_in({});
    }
    expect_nothing();
    set_owing(std::nullopt);
    setting_.urgent_workers.post([self = this->shared_from_this()] {
      self->work([&self] {
        self->admission_ = self->judge();
        asio::post(self->stream_.get_executor(), [self] { self->take_admission(); });
      });
    });
  }

  void take_admission() {
    if (admission_.refusal) {
      return turn_away(*std::move(admission_.refusal));
    }
    let_in(admission_);
  }

  void let_in(const Admission& admission) {
    admitted_ = true;
    proved_ = admission.proved;
    body_begun_ = steady_clock::now();
    if (!proved_) {
      set_owing(begun_);
    } else {
      set_owing(std::nullopt);
    }
    if (auto refusal = check_body()) {
      return refuse(*refusal);
    }
    const bool waits = parser_->get().find(beast::http::field::expect) != parser_->get().end();
    const bool nothing_came = input_.empty() && parser_->get().body().empty();
    waits&& nothing_came && parser_->get().version() >= 11 ? invite_body() : await_body();
  }

  void invite_body() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    expect_within(limits().write_time);
    asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                      [self = this->shared_from_this()](error_code error, std::size_t) {
                        if (!error) {
                          self->await_body();
                        }
                      });
  }

  // --- answering

  void handle() {
    keep_alive_ = parser_->keep_alive();
    request_.body = std::move(parser_->get().body());
    request_.may_wait = true;
    wait_end_.reset();
    call_worker();
  }

  void call_worker() {
    request_.may_wait = request_.may_wait && !draining_;
    handled_ = steady_clock::now();
    expect_nothing();
    set_owing(std::nullopt);
    const bool urgent = setting_.options.is_urgent && setting_.options.is_urgent(request_);
    (urgent ? setting_.urgent_workers : setting_.workers).post([self = this->shared_from_this()] {
      self->work([&self] {
        self->response_ = self->call_handler();
        asio::post(self->stream_.get_executor(), [self] { self->take_response(); });
      });
    });
  }

  void take_response() {
    if (!response_.awaits) {
      return answer();
    }
    awaited_ = std::move(response_.awaits);
    wait_end_ = wait_end_.value_or(handled_ + response_.wait_time);
    wait_timer_.emplace(stream_.get_executor(), *wait_end_);
    wait_timer_->async_wait([self = this->shared_from_this()](error_code error) {
      if (!error && self->awaited_) {
        self->end_waiting();
      }
    });
    awaited_->on_change([weak = this->weak_from_this()] {
      if (const auto self = weak.lock()) {
        asio::post(self->stream_.get_executor(), [self] { self->look_again(); });
      }
    });
    if (draining_) {
      return end_waiting();
    }
    watch_peer();
  }

  /// While a request waits, so that it ends when its peer goes.
  void watch_peer() {
    watching_ = true;
    stream_.async_read_some(asio::buffer(piece_),
                            [self = this->shared_from_this()](error_code error, std::size_t size) {
                              self->watching_ = false;
                              self->input_.append(self->piece_.data(), size);
                              self->go_on_waiting(error);
                            });
  }

  void go_on_waiting(error_code error) {
    if (!socket().is_open()) {
      return;
    }
    if (!awaited_) {
      return call_worker();
    }
    if (error) {
      return close();
    }
    if (input_.size() < limits().head_bytes) {
      watch_peer();
    }
  }

  /// It may be too early: a change that has been awaited by an earlier call of the handler.
  void look_again() {
    if (!awaited_) {
      return;
    }
    drop_waiting();
    watching_ ? stop_watching() : call_worker();
  }

  /// Until it has stopped: a read over TLS is several reads of the socket, and one that has just ended is followed by
  /// another if it brought only a part of a record.
  void stop_watching() {
    if (!watching_ || awaited_ || !socket().is_open()) {
      return;
    }
    error_code ignored;
    socket().cancel(ignored);
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] { self->stop_watching(); });
  }

  void end_waiting() {
    request_.may_wait = false;
    look_again();
  }

  void drop_waiting() {
    awaited_.reset();
    wait_timer_.reset();
  }

  /// On a worker. Where there is not even memory for an answer, only the connection ends.
  template <class Call>
  void work(Call call) {
    try {
      call();
    } catch (const std::bad_alloc&) {
      ++setting_.counters.out_of_memory;
    }
  }

  /// What `call` returns; nothing where it threw, which has been reported.
  template <class Call>
  auto guarded(Call call) -> std::optional<decltype(call())> {
    std::string what = "an exception of unknown type";
    try {
      return call();
    } catch (const std::exception& failure) {
      what = failure.what();
    } catch (...) {
    }
    if (setting_.options.on_handler_failure) {
      setting_.options.on_handler_failure(request_, what);
    }
    return std::nullopt;
  }

  Response make_failure() const { return make_refusal(500, "The service failed to answer this request."); }

  Response call_handler() {
    auto response = guarded([this] { return setting_.handler(request_); });
    return response ? *std::move(response) : make_failure();
  }

  Admission judge() {
    auto admission = guarded([this] { return setting_.options.gatekeeper(request_); });
    return admission ? *std::move(admission) : Admission{.refusal = make_failure()};
  }

  Response make_refusal(int status, const std::string& message) const {
    if (setting_.options.refusal) {
      return setting_.options.refusal(status, message);
    }
    return {.status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = message + "\n"};
  }

  void refuse(const Refusal& refusal) {
    identify_request();
    turn_away(make_refusal(refusal.status, refusal.message));
  }

  /// Answers a request that has not been read to its end.
  void turn_away(Response response) {
    handled_ = steady_clock::now();
    response_ = std::move(response);
    drop_body();
    keep_alive_ = false;
    unread_input_ = true;
    answer();
  }

  /// An idle connection holds no memory; assigning "" would keep it.
  void drop_body() {
    for (std::string* buffer : {&request_.body, &parser_->get().body()}) {
      std::string().swap(*buffer);
    }
    body_share_.reset();
  }

  /// Those that grow with what is sent and received; short ones are kept for the next request.
  void drop_buffers() {
    for (std::string* buffer : {&input_, &head_}) {
      if (buffer->capacity() > kKeptBuffer) {
        std::string().swap(*buffer);
      }
    }
  }

  void answer() {
    const bool closing = iequals(response_.headers.get("Connection"), "close");
    keep_alive_ = keep_alive_ && !closing && !draining_ && !setting_.registry.is_full();
    handling_time_ = since(handled_);
    const AnswerFrame frame{
        .head_request = head_request_, .keep_alive = keep_alive_, .http_1_0 = parser_->get().version() < 11};
    head_ = response_head(response_, frame, std::chrono::time_point_cast<Ticks>(std::chrono::system_clock::now()));
    remaining_ = body_length(response_, head_request_);
    sent_ = 0;
    sent_head_ = 0;
    write_piece();
  }

  static std::chrono::microseconds since(steady_clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin);
  }

  void report(bool complete) {
    if (setting_.options.on_exchange) {
      setting_.options.on_exchange({.request = request_,
                                    .status = response_.status,
                                    .principal = response_.principal,
                                    .principal_name = response_.principal_name,
                                    .operation = response_.operation,
                                    .received_bytes = head_bytes_ + request_.body.size(),
                                    .sent_bytes = sent_head_ + sent_,
                                    .handling_time = handling_time_,
                                    .total_time = since(begun_),
                                    .complete = complete});
    }
  }

  void break_off() {
    report(false);
    close();
  }

  /// The next piece of the body, the head before the first one. Always one buffer, so that a small answer is one packet
  /// and one TLS record.
  void write_piece() {
    const auto piece = next_piece();
    if (!piece) {
      return break_off();  // the file got shorter: only closing the connection tells the peer
    }
    const std::size_t body_bytes = piece->size();
    asio::const_buffer bytes = *piece;
    const std::size_t head_bytes = head_.size();
    if (!head_.empty()) {
      head_.append(static_cast<const char*>(piece->data()), body_bytes);
      bytes = asio::buffer(head_);
    }
    expect_within(limits().write_time);
    // Files are sent only to authenticated peers.
    set_owing(response_.file ? std::nullopt : std::optional(steady_clock::now() + kTakingTime));
    asio::async_write(stream_, bytes,
                      [self = this->shared_from_this(), body_bytes, head_bytes](error_code error, std::size_t) {
                        if (error) {
                          return self->break_off();
                        }
                        self->head_.clear();
                        self->sent_head_ += head_bytes;
                        self->sent_ += body_bytes;
                        self->remaining_ -= body_bytes;
                        self->remaining_ == 0 ? self->finish_answer() : self->write_piece();
                      });
  }

  std::optional<asio::const_buffer> next_piece() {
    const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, kFilePiece));
    if (!response_.file || size == 0) {
      return asio::buffer(response_.body.data() + (size == 0 ? 0 : sent_), size);
    }
    file_piece_.resize(size);
    const auto offset = static_cast<off_t>(response_.file->offset() + sent_);
    const ssize_t got = ::pread(response_.file->descriptor(), file_piece_.data(), size, offset);
    if (got <= 0) {
      return std::nullopt;
    }
    return asio::buffer(file_piece_.data(), static_cast<std::size_t>(got));
  }

  void finish_answer() {
    report(true);
    drop_body();
    for (std::string* buffer : {&response_.body, &file_piece_}) {
      std::string().swap(*buffer);
    }
    response_ = {};
    ++served_;
    head_request_ = false;
    if (keep_alive_ && !draining_) {
      return await_request();
    }
    lingering_ = true;
    expect_within(kLingerTime);
    set_owing(steady_clock::now());
    if constexpr (kTls) {
      stream_.async_shutdown([self = this->shared_from_this()](error_code) { self->end_sending(); });
    } else {
      end_sending();
    }
  }

  void end_sending() {
    if (!unread_input_) {
      return close();
    }
    error_code ignored;
    socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    expect_within(kLingerTime);
    discard_input(0);
  }

  void discard_input(std::size_t discarded) {
    socket().async_read_some(asio::buffer(piece_),
                             [self = this->shared_from_this(), discarded](error_code error, std::size_t size) {
                               if (error || discarded + size > kLingerBytes || self->draining_) {
                                 return self->close();
                               }
                               self->discard_input(discarded + size);
                             });
  }

  const ConnectionSetting& setting_;
  Stream stream_;
  asio::steady_timer alarm_timer_{stream_.get_executor()};
  steady_clock::time_point deadline_ = kNever;
  /// When the timer goes off.
  steady_clock::time_point alarm_ = kNever;
  bool lingering_ = false;
  std::string remote_address_;

  std::array<char, kTls ? kTlsReadPiece : kReadPiece> piece_{};
  /// Read and not yet used: the rest of a request, or the next ones (pipelining).
  std::string input_;
  std::size_t scanned_ = 0;
  std::optional<RequestParser> parser_;
  Request request_;
  BodyShare body_share_{setting_.bodies};
  bool idle_ = false;
  /// For other threads, as idle_since() and owing_since().
  std::atomic<steady_clock::duration> idle_since_ = kNotNow;
  std::atomic<steady_clock::duration> owing_since_ = kNotNow;
  bool draining_ = false;
  std::size_t head_bytes_ = 0;
  /// For the request whose body is read: whether it was admitted, and how.
  bool admitted_ = false;
  bool proved_ = false;
  Admission admission_;
  steady_clock::time_point body_begun_;
  /// First byte of the request, and its end.
  steady_clock::time_point begun_;
  steady_clock::time_point handled_;
  std::chrono::microseconds handling_time_{};
  std::size_t served_ = 0;

  /// While the answer waits for it.
  std::shared_ptr<AwaitedChange> awaited_;
  std::optional<asio::steady_timer> wait_timer_;
  std::optional<steady_clock::time_point> wait_end_;
  /// Whether watch_peer() is reading.
  bool watching_ = false;

  Response response_;
  bool head_request_ = false;
  bool keep_alive_ = false;
  bool unread_input_ = false;
  std::string head_;
  std::string file_piece_;
  std::uint64_t sent_ = 0;
  std::uint64_t sent_head_ = 0;
  std::uint64_t remaining_ = 0;
};

template <class Stream>
void start_connection(const ConnectionSetting& setting, const Peer& peer, Stream stream) {
  const auto connection = std::make_shared<Connection<Stream>>(setting, std::move(stream));
  if (setting.registry.add(connection.get(), connection, peer)) {
    connection->start();
  }
}

bool is_this_machine(const asio::ip::address& address) {
  return address.is_v6() && address.to_v6().is_v4_mapped()
             ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback()
             : address.is_loopback();
}

/// A host may take any address of its IPv6 network.
std::string network_of(const asio::ip::address& address) {
  if (address.is_v4() || address.to_v6().is_v4_mapped()) {
    return address.to_string();
  }
  asio::ip::address_v6::bytes_type bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return asio::ip::address_v6(bytes).to_string();
}

}  // namespace

Peer peer_of(const asio::ip::tcp::socket& socket) {
  error_code ignored;
  const auto address = socket.remote_endpoint(ignored).address();
  return {.network = network_of(address), .near = is_this_machine(address)};
}

void serve_connection(const ConnectionSetting& setting, const Peer& peer, asio::ip::tcp::socket socket) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (setting.tls == nullptr) {
    start_connection(setting, peer, PlainStream(std::move(socket)));
  } else {
    start_connection(setting, peer, TlsStream(std::move(socket), *setting.tls));
  }
}

}  // namespace batchai::server
