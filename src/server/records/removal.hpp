#pragma once

#include "batchai/core/time.hpp"
#include "server/records/store.hpp"

#include <string>
#include <string_view>

/// Deletes and their cascades. Resources in which nothing runs are removed at once, in the same transaction; the rest
/// is marked and its runs are stopped, and the reconciler erases it when they have ended. `operation` (may be empty) is
/// ended when the resource is gone. None of these looks at parents.
namespace batchai::server {

class JobRecord;

void remove_job(Transaction& transaction, const Document& job, std::string_view operation, Timestamp now);
/// A job marked for deletion whose run has ended: erases it and ends the operations that wait for it.
void erase_job(Transaction& transaction, JobRecord& job, Timestamp now);
/// Its queued jobs fail, its running ones are stopped and then fail; many of them in several passes. It is gone when
/// its nodes and their folders are.
void remove_cluster(Transaction& transaction, const Document& cluster, std::string_view operation, Timestamp now);
/// Its folder is removed later, by FileServerFolders; it is gone after that.
void remove_file_server(Transaction& transaction, const Document& file_server, std::string_view operation,
                        Timestamp now);
/// Of many jobs the reconciler removes all but the first ones. Meanwhile none of them is started; while one is at the
/// head of a queue, nobody behind it is either.
void remove_experiment(Transaction& transaction, const Document& experiment, std::string_view operation, Timestamp now);
void remove_workspace(Transaction& transaction, const Document& workspace, std::string_view operation, Timestamp now);

/// Removes all workspaces of a group. Whether all of them are gone by now; if not, call again later: repeated calls are
/// harmless. The caller removes the group itself.
bool remove_workspaces_of(Transaction& transaction, const std::string& group_key, Timestamp now);

/// Stops the jobs of a cluster that is being deleted, or as many of them as one transaction should. Whether there may
/// be more.
bool stop_jobs_of(Transaction& transaction, const std::string& cluster, Timestamp now);

/// Erases marked clusters, experiments and workspaces that have nothing left in them, and some more of the jobs of
/// marked experiments. Whether there were any of these: then there may be more, and the jobs behind them in the queues
/// have to be looked at. Jobs that run are erased with their runs, file servers with their folders.
bool finish_removals(Transaction& transaction, Timestamp now);

}  // namespace batchai::server
