// The reverse proxy recipes of the administrator's guide in the real servers: each accepts its recipe, and an
// upload and a play go through it over TLS, and the upload is not held back. Only addresses,
// ports and certificates are exchanged for ones of this machine.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { clipBytes } from '../harness/clips.mjs';
import { Client } from '../harness/client.mjs';
import { Daemon, freePorts, run } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';
import { guideBlocks } from './guide.mjs';

let folder, daemon, client;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reeld-proxies-'));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=video.example.org', '-addext', 'subjectAltName=DNS:video.example.org,IP:127.0.0.1', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'pipe' });
  writeFileSync(join(folder, 'both.pem'), readFileSync(join(folder, 'cert.pem'), 'utf8') + readFileSync(join(folder, 'key.pem'), 'utf8'));
  daemon = await Daemon.start({ database: 'sqlite', set: ["http.trusted_proxies=['127.0.0.1', '::1']"] });
  client = await Client.admin(daemon);
});
after(async () => {
  await daemon?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/// The recipe with `changes` [from, to] made; every one must find what it changes.
function recipe(language, changes) {
  const [block, ...others] = guideBlocks(language);
  assert.ok(block && others.length === 0, `one ${language} block`);
  return changes.reduce((text, [from, to]) => {
    assert.ok(text.includes(from), `${language}: ${from}`);
    return text.replaceAll(from, to);
  }, block.text);
}

/// An exchange over TLS as a browser would have it; the server must hold the certificate made above.
function secure(port, method, path, { headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const asked = https.request({ host: '127.0.0.1', port, method, path, headers: { host: 'video.example.org', ...headers }, ca: readFileSync(join(folder, 'cert.pem')), servername: 'video.example.org', agent: false, timeout: 60_000 }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece)).on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) }));
    });
    asked.on('error', reject).on('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer`)));
    if (typeof body === 'function') body(asked);
    else asked.end(body);
  });
}

const received = async () => Number((await request(daemon.adminUrl, 'GET', '/metrics')).text.match(/^reeld_upload_bytes_total (\S+)$/m)[1]);

/// Half of the file is held back until reeld itself has begun to write: a proxy that collects an upload first never gets there.
async function uploadThrough(port) {
  const file = clipBytes({ seconds: 8, size: '1280x720' });
  assert.ok(file.length > 1.5 * 2 ** 20, 'larger than what proxies let pass by default');
  const { json: { id } } = await client.post('/api/v1/videos/', { json: { title: 'through a proxy' } });
  const half = file.length / 2 | 0;
  const before = await received();
  const answer = await secure(port, 'PUT', `/api/v1/videos/${id}/upload`, {
    headers: { authorization: `Bearer ${client.token}`, 'content-type': 'application/octet-stream', 'content-length': file.length },
    body: (asked) => {
      asked.write(file.subarray(0, half));
      until(async () => await received() > before, { what: 'reeld receives while the client still sends', within: 10_000 }).then(() => asked.end(file.subarray(half)), (error) => asked.destroy(error));
    },
  });
  assert.ok(answer.status >= 200 && answer.status < 300, `${answer.status} ${answer.body}`);
  await client.ready(id);
  return id;
}

async function playThrough(port, id) {
  const { json: link } = await client.get(`/api/v1/stream/${id}`);
  const master = await secure(port, 'GET', link.stream_url);
  assert.equal(master.status, 200);
  const index = master.body.toString().match(/^\/media\/.*\.m3u8$/m)[0];
  const playlist = await secure(port, 'GET', index);
  assert.equal(playlist.status, 200);
  const segment = index.replace(/[^/]*$/, playlist.body.toString().match(/^[^#\s]+\.ts$/m)[0]);
  const through = await secure(port, 'GET', segment);
  const direct = await request(daemon.url, 'GET', segment);
  assert.equal(through.status, 200);
  assert.deepEqual(through.body, direct.body);
  const part = await secure(port, 'GET', segment, { headers: { range: 'bytes=188-375' } });
  assert.equal(part.status, 206);
  assert.deepEqual(part.body, direct.body.subarray(188, 376));
}

/// Starts the server, waits until it answers, uploads and plays, and ends it.
async function carries(program, args, port, env = {}) {
  const server = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (data) => { log += data; });
  const ended = new Promise((resolve) => server.on('close', resolve));
  try {
    await until(() => secure(port, 'GET', '/api/v1/health').then(({ status }) => status === 200, () => false), { what: () => `${program} answers:\n${log}`, within: 15_000 });
    await playThrough(port, await uploadThrough(port));
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

async function accepts(program, args, options) {
  const { code, output } = await run(program, args, options);
  assert.equal(code, 0, output);
}

test('nginx takes its recipe and carries uploads and plays', async () => {
  const [port] = await freePorts(1);
  const site = recipe('nginx', [
    ['127.0.0.1:8470', `127.0.0.1:${daemon.port}`], ['listen 443 ', `listen 127.0.0.1:${port} `], ['    listen [::]:443 ssl http2;\n', ''],
    ['/etc/ssl/video.example.org/fullchain.pem', join(folder, 'cert.pem')], ['/etc/ssl/video.example.org/privkey.pem', join(folder, 'key.pem')],
  ]);
  const at = join(folder, 'nginx');
  mkdirSync(at);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${at}/${kind};`).join('\n');
  // As root nginx would give its work to a user who cannot enter this folder.
  const user = process.getuid() === 0 ? 'user root;\n' : '';
  writeFileSync(join(at, 'nginx.conf'), `${user}daemon off;\npid ${at}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${temp}\n${site}}\n`);
  await accepts('nginx', ['-t', '-c', join(at, 'nginx.conf')]);
  await carries('nginx', ['-c', join(at, 'nginx.conf')], port);
});

test('Caddy takes its recipe and carries uploads and plays', async () => {
  const [port] = await freePorts(1);
  const at = join(folder, 'caddy');
  mkdirSync(at);
  const env = { XDG_DATA_HOME: at, XDG_CONFIG_HOME: at, HOME: at };
  writeFileSync(join(at, 'asis'), recipe('caddy', []));
  await accepts('caddy', ['validate', '--adapter', 'caddyfile', '--config', join(at, 'asis')], { env: { ...process.env, ...env } });
  const site = recipe('caddy', [
    ['127.0.0.1:8470', `127.0.0.1:${daemon.port}`],
    ['video.example.org {', `{\n\tadmin off\n\tauto_https off\n}\nhttps://video.example.org:${port} {\n\tbind 127.0.0.1\n\ttls ${join(folder, 'cert.pem')} ${join(folder, 'key.pem')}`],
  ]);
  writeFileSync(join(at, 'Caddyfile'), site);
  await carries('caddy', ['run', '--adapter', 'caddyfile', '--config', join(at, 'Caddyfile')], port, env);
});

test('HAProxy takes its recipe and carries uploads and plays', async () => {
  const [port] = await freePorts(1);
  const site = recipe('haproxy', [
    ['127.0.0.1:8470', `127.0.0.1:${daemon.port}`], ['bind :443', `bind 127.0.0.1:${port}`], ['/etc/haproxy/video.example.org.pem', join(folder, 'both.pem')],
  ]);
  const config = join(folder, 'haproxy.cfg');
  writeFileSync(config, `global\n    maxconn 100\n${site}`);
  await accepts('haproxy', ['-c', '-f', config]);
  await carries('haproxy', ['-db', '-f', config], port);
});
