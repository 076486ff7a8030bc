#pragma once

#include "batchai/core/time.hpp"
#include "core/text_at.hpp"
#include "server/records/store.hpp"

#include <string>
#include <string_view>

namespace batchai::server {

/// `properties` of a stored resource.
inline nlohmann::json& properties(Document& document) { return document.body["properties"]; }
inline const nlohmann::json& properties(const Document& document) { return document.body.at("properties"); }

/// Moments are kept to the tick in hidden members.
nlohmann::json to_ticks(Timestamp time);
Timestamp from_ticks(const nlohmann::json& ticks);

/// Sets `properties.<member>` and, when it differs from before, `properties.<member>TransitionTime`.
void set_state(Document& document, const std::string& member, std::string_view state, Timestamp now);

/// All states (`shown_state`) that a job can be in.
inline constexpr std::string_view kJobStates[] = {"queued",    "running", "terminating",
                                                  "succeeded", "failed",  "deleting"};

std::string provisioning_state(const Document& document);
/// The state by which resources and operations are counted and reported: the execution state of a job, the allocation
/// state of a cluster, the provisioning state of a file server, the status of an operation; `deleting` for a resource
/// that is being deleted. Empty for everything else.
std::string shown_state(const Document& document);
bool is_deleting(const Document& document);

/// Writes the document unless it is what `before` was: without needless writes ETags change only with the content.
void put_if_changed(Transaction& transaction, const Document& before, const Document& after);

/// Ends the creation of a resource that is in state `creating`, and the operation noted in `hidden` with it.
void complete_creation(Transaction& transaction, Document& document, Timestamp now);

/// Ends the create operation noted in `hidden` because its resource is being deleted.
void cancel_create(Transaction& transaction, Document& document, Timestamp now);

/// Remembers in `hidden` which delete operation to end when the resource is gone; the state becomes `deleting`.
void mark_deleting(Document& document, Timestamp now, std::string_view operation);

/// Erases the document and ends its delete operations.
void erase_deleted(Transaction& transaction, const Document& document, Timestamp now);

}  // namespace batchai::server
