// Waiting for a condition with a deadline: the only way a test waits.
import { setTimeout as pause } from 'node:timers/promises';

/// The first truthy answer of `ask`; an error naming `what` when `within` milliseconds have passed.
export async function until(ask, { what = 'the condition holds', within = 30_000, every = 50 } = {}) {
  const deadline = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${within} ms: ${typeof what === 'function' ? what() : what}`);
    await pause(every);
  }
}
