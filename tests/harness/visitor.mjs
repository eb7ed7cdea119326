// A browser on the Videoflix pages, as far as the API can tell: it keeps cookies and sends them back, it
// reads every answer as JSON, and it says where its page is from. Each answer is held against what the
// pages can bear: application/json and nothing else, never empty, errors of the contract's keys alone.
import assert from 'node:assert/strict';
import { encoded, request } from './http.mjs';

const errorKeys = new Set(['detail', 'message', 'non_field_errors', 'email', 'password', 'confirmed_password', 'new_password', 'confirm_password']);

/// "name=value; A; B=c" as { name, value, attributes: {a: true, b: 'c'} }.
export function parseSetCookie(line) {
  const [pair, ...rest] = line.split(/;\s*/);
  const at = pair.indexOf('=');
  const attributes = Object.fromEntries(rest.map((part) => {
    const [key, ...value] = part.split('=');
    return [key.toLowerCase(), value.length ? value.join('=') : true];
  }));
  return { name: pair.slice(0, at), value: pair.slice(at + 1), attributes };
}

export class Visitor {
  constructor(daemon, { origin } = {}) {
    this.daemon = daemon;
    this.origin = origin;
    this.cookies = new Map();
  }
  /// The browser of somebody who is registered, once he has signed in on the pages.
  static async of({ email, password }, daemon, { origin = 'http://127.0.0.1:5500' } = {}) {
    const visitor = new Visitor(daemon, { origin });
    answered(await visitor.post('/api/login/', { email, password }), 200, 'detail', 'user');
    return visitor;
  }
  /// The same person's second tab: one jar.
  tab() {
    const other = new Visitor(this.daemon, { origin: this.origin });
    other.cookies = this.cookies;
    return other;
  }
  cookieHeader(cookies = this.cookies) {
    return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async ask(method, path, { json, form, body: given, headers = {} } = {}) {
    const { sent, body } = encoded({ json, form, body: given }, headers);
    if (body !== undefined) sent['content-length'] ??= Buffer.byteLength(body);
    if (this.origin && sent.origin === undefined) sent.origin = this.origin;
    if (this.cookies.size > 0) sent.cookie ??= this.cookieHeader();
    const answer = await request(this.daemon.url, method, path, { headers: sent, body });
    this.keep(answer);
    if (method !== 'HEAD' && method !== 'OPTIONS') checkShape(answer, `${method} ${path}`);
    return answer;
  }
  /// What a player fetches: bytes, or an error that the pages can read.
  async fetch(path, { method = 'GET', headers = {} } = {}) {
    const sent = { ...headers };
    if (this.origin) sent.origin ??= this.origin;
    if (this.cookies.size > 0) sent.cookie ??= this.cookieHeader();
    const answer = await request(this.daemon.url, method, path, { headers: sent });
    if (answer.status >= 400 && method !== 'HEAD') checkShape(answer, `${method} ${path}`);
    return answer;
  }
  post(path, json) { return this.ask('POST', path, { json }); }
  get(path) { return this.ask('GET', path); }
  /// As the pages do it: a JSON content type and no body.
  bare(path, headers = {}) { return this.ask('POST', path, { headers: { 'content-type': 'application/json', ...headers } }); }

  keep(answer) {
    answer.cookies = (answer.headers['set-cookie'] ?? []).map(parseSetCookie);
    for (const { name, value, attributes } of answer.cookies) {
      if (attributes['max-age'] === '0') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/// What every answer below /api/ but not /api/v1/ must be.
export function checkShape(answer, what) {
  assert.equal(answer.headers['content-type'], 'application/json', `${what} -> ${answer.status}`);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff', what);
  const value = answer.json;
  if (answer.status < 400) return;
  assert.ok(answer.status < 500 || answer.status === 501 || answer.status === 503 || answer.status === 505, `${what} -> ${answer.status} ${answer.text}`);
  const keys = Object.keys(value);
  assert.ok(keys.length > 0, `${what}: an error without words`);
  for (const key of keys) {
    assert.ok(errorKeys.has(key), `${what}: the key ${key} is none of the contract's: ${answer.text}`);
    const texts = key === 'detail' || key === 'message' ? [value[key]] : value[key];
    assert.ok(Array.isArray(texts) && texts.length > 0 && texts.every((text) => typeof text === 'string' && text.length > 0), `${what}: ${answer.text}`);
  }
}

/// The answer itself if it has that status and exactly these keys, in any order.
export function answered(answer, status, ...keys) {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(Object.keys(answer.json).sort(), keys.sort(), answer.text);
  return answer;
}
