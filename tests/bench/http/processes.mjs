// The processes a bench looks at: their CPU time and memory from /proc, and nginx as the peer, on a private
// port with its own configuration and prefix.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { availableParallelism, cpus } from 'node:os';

const TicksPerSecond = 100; // USER_HZ, the same on every Linux architecture Debian ships

/// CPU microseconds of these processes, user and system.
export function cpuOf(pids) {
  let ticks = 0;
  for (const pid of pids) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return (ticks * 1e6) / TicksPerSecond;
}

/// Resident memory in bytes.
export function rssOf(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

function childrenOf(pid) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((child) => {
    try {
      const stat = readFileSync(`/proc/${child}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
    } catch {
      return false;
    }
  });
}

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer();
  server.on('error', reject).listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

async function accepts(port) {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('connect', () => { socket.destroy(); resolve(true); }).on('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing listens on ${port}`);
}

/// nginx as well tuned as we know: one worker per core, bounded send buffer, no cork, open files cached.
export async function startNginx(folder, files) {
  const port = await freePort();
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const workers = (availableParallelism ?? (() => cpus().length))();
  const config = join(folder, 'nginx.conf');
  const user = process.getuid() === 0 ? 'user root;' : '';
  writeFileSync(config, `
${user}
daemon off;
worker_processes ${workers};
pid ${folder}/nginx.pid;
error_log ${folder}/logs/error.log warn;
events { worker_connections 20000; }
http {
  access_log off;
  sendfile on;
  tcp_nopush off;
  keepalive_requests 1000000000;
  keepalive_timeout 300;
  open_file_cache max=100 inactive=300s;
  open_file_cache_valid 300s;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  types { video/mp2t ts; }
  server {
    listen 127.0.0.1:${port} sndbuf=256k backlog=4096;
    location = /health { default_type application/json; return 200 '{"status":"healthy"}'; }
    location / { root ${files}; }
  }
}
`);
  const child = spawn('nginx', ['-p', folder, '-c', config], { stdio: ['ignore', 'inherit', 'inherit'] });
  const failed = new Promise((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`nginx ended with ${code}`)));
  });
  await Promise.race([accepts(port), failed]);
  failed.catch(() => {});
  // The port opens before all workers are forked; one that is missed would make nginx look cheap.
  while (childrenOf(child.pid).length < workers) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    port,
    pids: [child.pid, ...childrenOf(child.pid)],
    stop: () => new Promise((resolve) => { child.removeAllListeners('exit'); child.on('exit', resolve); child.kill('SIGTERM'); }),
  };
}
