// The administrator's tool: asks the daemon over its control socket.
#include "app/reeldctl/context.h"

#include <csignal>
#include <iostream>

int main(int argc, char** argv) {
  // A daemon that goes away, or `| head`, is an error message or an end, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  return reeld::app::reeldctl::run({argv + 1, argv + argc}, {std::cin, std::cout, std::cerr});
}
