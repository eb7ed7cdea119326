// Runs a command of the control socket without the socket.
#pragma once
#include "app/control/command.h"
#include "catch.h"

#include <functional>
#include <string>
#include <vector>

namespace reeld::app::commands {

class Call final : public control::Request {
 public:
  Call(const control::Commands& commands, const std::string& name, const std::string& args,
       int file = -1)
      : args_(Json::parse(args)), file_(file) {
    for (const auto& command : commands) {
      if (command.name == name) {
        command_ = &command;
      }
    }
    REQUIRE(command_ != nullptr);
  }

  Json result() { return command_->run(*this); }
  Error error() {
    try {
      result();
    } catch (const Error& error) {
      return error;
    }
    return {ErrorCode::Ok, ""};
  }
  std::vector<std::string> steps;       ///< what progress() was told
  std::function<void()> while_waiting;  ///< instead of time passing

  const Json& args() const override { return args_; }
  int file() const override { return file_; }
  void progress(const Json& what) override { steps.push_back(what.dump()); }
  void pause(std::chrono::milliseconds) override {
    if (while_waiting) {
      while_waiting();
    }
  }

 private:
  const control::Command* command_ = nullptr;
  Json args_;
  int file_;
};

}  // namespace reeld::app::commands
