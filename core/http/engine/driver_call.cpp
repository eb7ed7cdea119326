// The driver's dealings with calls: what the floor above decided, jobs out and back, refusals.
#include "http/engine/driver.h"

#include <chrono>

namespace reeld::http::engine {

std::unique_ptr<Call> Driver::newCall(Connection& connection) {
  Application& application = connection.listener->application();
  auto call = state_.shelf.take(application);
  call->application = &application;
  call->peer = connection.peer;
  call->loop = state_.index;
  call->started_us = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::steady_clock::now().time_since_epoch())
                         .count();
  state_.counters.active.add(1);
  return call;
}

bool Driver::refuse(Connection& connection, const Refusal& refusal) {
  if (!connection.call) {
    connection.call = newCall(connection);
    // What there is of the head says in which shape, and to which origin, the refusal is answered.
    connection.call->head.parse(rest_.substr(0, state_.shared.limits.head), state_.shared.limits);
  }
  connection.keep_alive = false;
  connection.call->reply.clear();
  connection.call->refuse(refusal);
  return answer(connection);
}

bool Driver::follow(Connection& connection, Step step) {
  Call& call = *connection.call;
  switch (step) {
    case Step::Answer:
      return answer(connection);
    case Step::Collect:
      if (connection.body.done()) {
        return follow(connection, call.onBody());
      }
      if (connection.body.left() > call.max_body) {
        return refuse(connection, refusal::BodyTooLarge);
      }
      if (!sendContinue(connection)) {
        return false;
      }
      connection.received = 0;
      state_.deadlines.arm(connection, Deadline::Body, state_.now_ms);
      return move(connection, State::Body);
    case Step::Worker:
      return post(connection, JobKind::Run, state_.shared.workers, false);
    case Step::Hash:
      return post(connection, JobKind::Run, state_.shared.hash, false);
    case Step::Receive:
      if (state_.shared.uploads.fetch_add(1) >= state_.shared.options.max_uploads) {
        state_.shared.uploads.fetch_sub(1);
        state_.counters.busy.add(1);
        return refuse(connection, refusal::Busy);
      }
      call.upload_counted = true;
      return post(connection, JobKind::OpenUpload, state_.shared.workers, false);
  }
  return false;
}

bool Driver::post(Connection& connection, JobKind kind, Pool& pool, bool insist) {
  Job job;
  job.kind = kind;
  job.connection = connection.ref();
  job.call = std::move(connection.call);
  job.home = &state_.returned;
  if (insist) {
    pool.insist(std::move(job));
  } else if (!pool.offer(job)) {
    connection.call = std::move(job.call);
    state_.counters.busy.add(1);
    return refuse(connection, refusal::Busy);
  }
  ++state_.away;
  state_.deadlines.arm(connection, Deadline::None, state_.now_ms);
  move(connection, State::Waiting);
  return false;
}

bool Driver::postPiece(Connection& connection) {
  const bool any = connection.call->piece.size > 0;
  return any ? post(connection, JobKind::WritePiece, state_.shared.io, true)
             : post(connection, JobKind::FinishUpload, state_.shared.workers, true);
}

bool Driver::abandon(Connection& connection, const Refusal& refusal) {
  connection.keep_alive = false;
  Job job;
  job.kind = JobKind::DropUpload;
  job.connection = connection.ref();
  job.call = std::move(connection.call);
  job.home = &state_.returned;
  job.refusal = &refusal;
  ++state_.away;
  state_.shared.io.insist(std::move(job));
  state_.deadlines.arm(connection, Deadline::None, state_.now_ms);
  move(connection, State::Waiting);
  return false;
}

void Driver::dropUpload(std::unique_ptr<Call> call) {
  Job job;
  job.kind = JobKind::DropUpload;
  job.connection = {static_cast<std::uint32_t>(-1), 0};
  job.call = std::move(call);
  job.home = &state_.returned;
  ++state_.away;
  state_.shared.io.insist(std::move(job));
}

bool Driver::continueUpload(Connection& connection) {
  connection.call->piece.size = 0;
  connection.received = 0;
  state_.deadlines.arm(connection, Deadline::Body, state_.now_ms);
  return move(connection, State::Receive);
}

bool Driver::handle(Connection& connection, const Job& job) {
  switch (job.kind) {
    case JobKind::Run:
      return follow(connection, job.next);
    case JobKind::FinishUpload:
      return answer(connection);
    case JobKind::OpenUpload:
      if (!job.ok) {
        return answer(connection);
      }
      return sendContinue(connection) && continueUpload(connection);
    case JobKind::WritePiece:
      return job.ok ? continueUpload(connection) : answer(connection);
    case JobKind::DropUpload:
      return refuse(connection, job.refusal != nullptr ? *job.refusal : refusal::BodyCut);
    case JobKind::NextPiece:
      if (job.ok) {
        return sendPiece(connection);
      }
      // That the end is missing tells the client that this is not all.
      close(connection);
      return false;
    case JobKind::Warm:
      connection.out.warmed(job.offset + job.length);
      return move(connection, State::Send);
  }
  return false;
}

void Driver::retire(Application& application, std::unique_ptr<Call> call, Outcome outcome) {
  if (call->upload_counted) {
    call->upload_counted = false;
    state_.shared.uploads.fetch_sub(1);
  }
  if (call->collected > 0) {
    state_.shared.collected.fetch_sub(call->collected, std::memory_order_relaxed);
    call->collected = 0;
  }
  call->upload_open = false;
  state_.counters.active.subtract(1);
  call->completed(outcome);
  state_.shelf.putBack(application, std::move(call));
}

}  // namespace reeld::http::engine
