// A client of the API as a test sees it: signs in, asks, and shows every exchange to the contract.
import assert from 'node:assert/strict';
import { recordExchange } from './contract.mjs';
import { admin } from './daemon.mjs';
import { encoded, request } from './http.mjs';
import { until } from './until.mjs';

let people = 0;

export class Client {
  constructor(daemon, token) {
    this.daemon = daemon;
    this.token = token;
  }

  /// `json` and `form` set body and content type; other options go to the request as they are.
  async ask(method, path, { json, form, headers = {}, token = this.token, ...rest } = {}) {
    const { sent, body } = encoded({ json, form, body: rest.body }, headers);
    if (token !== undefined && token !== null) sent.authorization ??= `Bearer ${token}`;
    if (typeof body === 'string') sent['content-length'] ??= Buffer.byteLength(body);
    const answer = await request(this.daemon.url, method, path, { ...rest, body, headers: sent });
    recordExchange({ method, path, sent, body, answer });
    return answer;
  }
  get(path, options) { return this.ask('GET', path, options); }
  post(path, options) { return this.ask('POST', path, options); }
  put(path, options) { return this.ask('PUT', path, options); }
  patch(path, options) { return this.ask('PATCH', path, options); }
  delete(path, options) { return this.ask('DELETE', path, options); }

  /// Signs in by form, as clients of the API do; throws if refused.
  static async signIn(daemon, { email, password }) {
    const client = new Client(daemon);
    const answer = await client.post('/api/v1/auth/login', { form: { username: email, password } });
    assert.equal(answer.status, 200, answer.text);
    client.token = answer.json.access_token;
    client.email = email;
    client.password = password;
    return client;
  }
  static admin(daemon) {
    return Client.signIn(daemon, admin);
  }
  /// A new person of that role; `by` is an admin's client, needed for other roles than VIEWER.
  static async person(daemon, role = 'VIEWER', by = undefined) {
    const email = `${role.toLowerCase()}${++people}-${process.pid}@example.org`;
    const password = `a long enough password ${people}`;
    const made = await new Client(daemon).post('/api/v1/auth/register', { json: { email, password } });
    assert.ok(made.status === 200 || made.status === 201, made.text);
    const id = made.json.user_id;
    if (role !== 'VIEWER') {
      const raised = await (by ?? (await Client.admin(daemon))).patch(`/api/v1/users/${id}/role`, { json: { role_name: role } });
      assert.equal(raised.status, 200, raised.text);
    }
    const client = await Client.signIn(daemon, { email, password });
    client.id = id;
    return client;
  }

  /// Metadata and file in one go; the id of the video. `file` is bytes or a path's read stream with `size`.
  async upload(file, { title = 'a clip', size = file.length, ...fields } = {}) {
    const made = await this.post('/api/v1/videos/', { json: { title, ...fields } });
    assert.ok(made.status === 200 || made.status === 201, made.text);
    const sent = await this.put(`/api/v1/videos/${made.json.id}/upload`, {
      body: file, headers: { 'content-type': 'application/octet-stream', 'content-length': size }, timeout: 120_000,
    });
    assert.ok(sent.status >= 200 && sent.status < 300, `${sent.status} ${sent.text}`);
    return made.json.id;
  }
  async video(id) {
    const answer = await this.get(`/api/v1/videos/${id}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  }
  /// The video once it is READY or FAILED.
  async settled(id, within = 120_000) {
    let video;
    return until(async () => {
      video = await this.video(id);
      return ['READY', 'FAILED'].includes(video.status) && video;
    }, { what: () => `video ${id} is READY or FAILED (now ${video?.status})`, within, every: 100 });
  }
  async ready(id, within) {
    const video = await this.settled(id, within);
    assert.equal(video.status, 'READY', JSON.stringify(video));
    return video;
  }
  /// The play token's URL and what it answers: { streamUrl, master, masterPath }.
  async play(id) {
    const link = await this.get(`/api/v1/stream/${id}`);
    assert.equal(link.status, 200, link.text);
    const streamUrl = link.json.stream_url;
    const played = await this.get(streamUrl, { token: null });
    assert.equal(played.status, 200, played.text);
    const first = played.text.match(/^\/media\/g\/[^\n]*\/hls\//m) ?? [];
    assert.ok(first[0], `the master names no granted rendition:\n${played.text}`);
    return { streamUrl, master: played.text, masterPath: first[0] + 'master.m3u8' };
  }
}
