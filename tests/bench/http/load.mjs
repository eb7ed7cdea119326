// A load of HTTP requests by the program http-load, as the benches put it on a daemon.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from '../../harness/daemon.mjs';

/// Runs http-load against a path, from an address of the loopback network; { requests, bytes, failed } of its seconds.
export function load({ port }, path, { connections = 64, seconds, rate, status, from, headers = {} }) {
  const more = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  if (rate) more.push('--rate', String(rate));
  if (status) more.push('--status', String(status));
  if (from) more.push('--from', from);
  const child = spawn(join(build, 'tests/http-load'), ['127.0.0.1', String(port), path, String(connections), String(seconds), ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (data) => { output += data; });
    child.on('error', reject).on('close', (code) => {
      const totals = code === 0 ? JSON.parse(output) : { failed: code };
      if (totals.failed === 0 && totals.requests > 0) resolve(totals);
      else reject(new Error(`http-load ${path}: ${output || `ended with ${code}`}`));
    });
  });
}
