#include "arm/channel.hpp"
#include "batchai/output_files.hpp"
#include "batchai/range_reader.hpp"
#include "core/through_outages.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace batchai::inline v1 {
namespace {

constexpr int kJobIsGone = 404;
/// How much of what has come is compared with a file that the next run may have written anew.
constexpr std::size_t kCompared = 4096;

bool is_queued(const Job& job) { return job.execution_state == ExecutionState::kQueued; }

const File* find_followed(const FollowedFile& wanted, const std::vector<File>& there) {
  if (!wanted.name.empty()) {
    return find_output_file(there, wanted.name);
  }
  return wanted.errors ? find_main_errors(there) : find_main_output(there);
}

}  // namespace

struct OutputFollower::State {
  /// A file, and what has come of it.
  struct Followed {
    FollowedFile file;
    /// None: the job has not made it so far.
    std::optional<RangeReader> reader = {};
    std::uint64_t offset = 0;
    /// The last bytes before `offset`, as far as they have come.
    std::string last = {};
    /// More may be there.
    bool more = false;
    /// The job has been put back into the queue: its next run overwrites the file, or appends to it.
    bool outdated = false;
  };

  State(const JobsClient& client, const ClientOptions& connection, JobRef which, FollowOptions given,
        const CallContext& call)
      : jobs(client),
        http(connection),
        ref(std::move(which)),
        options(std::move(given)),
        context(call),
        read(options.outage, call, connection.clock) {
    for (const FollowedFile& file : options.files) {
      files.push_back({.file = file, .offset = file.from});
    }
  }

  /// One look at the job, and at the directories of files that are missing.
  void look();
  bool look_at_job();
  void look_for_missing(bool ended);
  void look_for(Followed& followed, const std::vector<File>& there, bool ended);
  void open(Followed& followed, const File& file);
  std::optional<OutputPiece> read_piece(std::size_t index);
  /// Whether the file is another one than what has come of it. `piece` begins with `known` bytes that have come.
  bool begins_anew(const Followed& followed, const RangeReader::Piece& piece, std::size_t known) const;
  /// The next piece of those that are there.
  std::optional<OutputPiece> available();
  void pause();

  JobsClient jobs;
  /// For the files, which are not at the endpoint.
  ClientOptions http;
  JobRef ref;
  FollowOptions options;
  CallContext context;
  ThroughOutages read;
  std::vector<Followed> files = {};
  Job job = {};
  std::size_t next_file = 0;
  bool has_looked = false;
  bool has_opened = false;
  /// Of the last look: a file has been found, which has to be read after one more look.
  bool found = false;
  bool over = false;
  bool deleted = false;
};

/// Whether the job is over, or deleted: its files can still be there.
bool OutputFollower::State::look_at_job() {
  try {
    job = read([this] { return jobs.get(ref.group, ref.workspace, ref.experiment, ref.job, context); });
  } catch (const ServiceError& error) {
    if (error.status() != kJobIsGone || !has_opened) {
      throw;
    }
    deleted = true;
    if (options.on_deleted) {
      options.on_deleted();
    }
    return true;
  }
  return is_over(job);
}

void OutputFollower::State::open(Followed& followed, const File& file) {
  followed.reader.emplace(
      http, *file.download_url,
      [this, place = followed.file.place, name = file.real_name()] {
        return fresh_output_url(jobs, ref, place, name, context);
      },
      context);
  has_opened = true;
  found = true;
}

void OutputFollower::State::look_for(Followed& followed, const std::vector<File>& there, bool ended) {
  const File* file = find_followed(followed.file, there);
  if (file != nullptr && file->download_url) {
    open(followed, *file);
    followed.more = ended;
  } else if (!ended && options.on_missing) {
    options.on_missing(followed.file, job, there);
  }
}

void OutputFollower::State::look_for_missing(bool ended) {
  std::map<std::pair<std::string, std::string>, std::vector<File>> listed;
  for (Followed& followed : files) {
    if (followed.reader) {
      continue;
    }
    const OutputPlace& place = followed.file.place;
    const auto [entry, is_new] = listed.try_emplace({place.directory_id, place.path});
    if (is_new) {
      entry->second = read([&] { return output_pages(jobs, ref, place, context).to_vector(); });
    }
    look_for(followed, entry->second, ended);
  }
}

void OutputFollower::State::look() {
  has_looked = true;
  found = false;
  next_file = 0;
  // Asked first, so that a file made just before the end is seen, and all that is in it.
  const bool ended = look_at_job();
  for (Followed& followed : files) {
    followed.more = followed.reader.has_value();
    followed.outdated = followed.outdated || (followed.more && is_queued(job));
  }
  if (!deleted) {
    look_for_missing(ended);
  }
  over = ended;
}

bool OutputFollower::State::begins_anew(const Followed& followed, const RangeReader::Piece& piece,
                                        std::size_t known) const {
  if (piece.shorter || !followed.outdated || followed.offset == 0) {
    return piece.shorter;
  }
  if (known == 0) {  // nothing to compare with: what was left out may be of the run before
    return !is_queued(job) && !piece.bytes.empty();
  }
  const bool is_there = !piece.bytes.empty() || piece.total;
  return is_there && !piece.bytes.starts_with(followed.last);
}

std::optional<OutputPiece> OutputFollower::State::read_piece(std::size_t index) {
  Followed& followed = files[index];
  const std::size_t known = followed.outdated ? followed.last.size() : 0;
  RangeReader::Piece piece = read([&] { return followed.reader->read(followed.offset - known); });
  if (begins_anew(followed, piece, known)) {
    followed.offset = 0;
    followed.last.clear();
    followed.more = true;
    followed.outdated = false;
    return OutputPiece{.file = index, .restarted = true};
  }
  piece.bytes.erase(0, known);
  followed.more = piece.more && !piece.bytes.empty();
  if (piece.bytes.empty()) {
    return std::nullopt;
  }
  followed.last.append(piece.bytes, piece.bytes.size() - std::min(piece.bytes.size(), kCompared));
  followed.last.erase(0, followed.last.size() - std::min(followed.last.size(), kCompared));
  const std::uint64_t offset = std::exchange(followed.offset, followed.offset + piece.bytes.size());
  return OutputPiece{.file = index, .offset = offset, .bytes = std::move(piece.bytes)};
}

void OutputFollower::State::pause() {
  if (options.on_wait) {
    options.on_wait(job);
  }
  read.pause(options.interval);
}

std::optional<OutputPiece> OutputFollower::State::available() {
  for (; next_file < files.size(); ++next_file) {
    while (files[next_file].more) {
      if (auto piece = read_piece(next_file)) {
        return piece;
      }
    }
  }
  return std::nullopt;
}

OutputFollower JobsClient::follow(const JobRef& job, FollowOptions options, const CallContext& context) const {
  return OutputFollower(
      std::make_unique<OutputFollower::State>(*this, channel_->client(), job, std::move(options), context));
}

OutputFollower::OutputFollower(std::unique_ptr<State> state) : state_(std::move(state)) {}

OutputFollower::~OutputFollower() = default;
OutputFollower::OutputFollower(OutputFollower&& other) noexcept = default;
OutputFollower& OutputFollower::operator=(OutputFollower&& other) noexcept = default;

std::optional<OutputPiece> OutputFollower::next() {
  for (;;) {
    if (auto piece = state_->available()) {
      return piece;
    }
    if (state_->over) {
      return std::nullopt;
    }
    if (state_->has_looked && !state_->found) {
      state_->pause();
    }
    state_->look();
  }
}

std::vector<std::size_t> OutputFollower::missing() const {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < state_->files.size(); ++i) {
    if (!state_->files[i].reader) {
      indices.push_back(i);
    }
  }
  return indices;
}

}  // namespace batchai::inline v1
