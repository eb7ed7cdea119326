// A real reeld with people who have passwords, for the benches of signing in, and these people signing in.
// Reads are put on it by ../http/load.mjs.
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../../harness/client.mjs';
import { Daemon } from '../../harness/daemon.mjs';

const password = 'a long enough password';

/// { daemon, root, emails, password }: so many people, and so many videos in the catalogue.
export async function startSite({ people, videos = 0 }) {
  const daemon = await Daemon.start({ hashes: 'shipped', set: ['log.level=error'] });
  const root = await Client.admin(daemon);
  const guest = new Client(daemon);
  const emails = [];
  for (let i = 0; i < people; ++i) {
    const email = `somebody${i}@example.org`;
    const made = await guest.post('/api/v1/auth/register', { json: { email, password } });
    if (made.status !== 201) throw new Error(`register: ${made.status} ${made.text}`);
    emails.push(email);
  }
  for (let i = 0; i < videos; ++i) {
    const made = await root.post('/api/v1/videos/', { json: { title: `a video ${i}`, description: 'what it is about' } });
    if (made.status >= 300) throw new Error(`video: ${made.status} ${made.text}`);
  }
  return { daemon, root, emails, password };
}

/// One login on a kept connection: { status, retryAfter }.
function login({ daemon }, agent, email) {
  const body = JSON.stringify({ email, password });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    http.request({ host: '127.0.0.1', port: daemon.port, method: 'POST', path: '/api/v1/auth/login', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode, retryAfter: Number(answer.headers['retry-after'] ?? 1) }));
    }).on('error', reject).end(body);
  });
}

/// Signs these people in at once, and again and again until stop() is called, which answers how often that
/// went well and how often the daemon was too busy. Who was told to come back later does so.
export function signInOverAndOver(site, emails) {
  const agent = new http.Agent({ keepAlive: true });
  const totals = { signedIn: 0, busy: 0 };
  let going = true;
  const one = async (email) => {
    while (going) {
      const { status, retryAfter } = await login(site, agent, email);
      if (status === 200) ++totals.signedIn;
      else if (status === 503) { ++totals.busy; await pause(retryAfter * 1000); }
      else throw new Error(`login: ${status}`);
    }
  };
  const all = Promise.all(emails.map(one));
  all.catch(() => {});
  return { totals, stop: async () => { going = false; await all; agent.destroy(); return totals; } };
}

/// Signs one person in so many times, one after the other.
export async function signIn(site, email, count) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < count; ++i) {
    const { status } = await login(site, agent, email);
    if (status !== 200) throw new Error(`login: ${status}`);
  }
  agent.destroy();
}
