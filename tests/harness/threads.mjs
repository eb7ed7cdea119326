// What the scheduler knows of the threads of a process: how long each had a processor, and how long it stood
// in line for one. In nanoseconds, where /proc/PID/stat counts ticks of ten milliseconds.
import { readFileSync, readdirSync } from 'node:fs';

/// Every thread now: [{ tid, name, cpu, waited }], microseconds since it began.
export function threadsOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((tid) => {
    try {
      const [cpu, waited] = readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ').map((ns) => Number(ns) / 1000);
      return [{ tid: Number(tid), name: readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').trim(), cpu, waited }];
    } catch {
      return [];  // it has ended since
    }
  });
}

/// CPU microseconds of the threads whose name passes.
export function cpuOfThreads(pid, passes = () => true) {
  return threadsOf(pid).filter(({ name }) => passes(name)).reduce((sum, { cpu }) => sum + cpu, 0);
}
