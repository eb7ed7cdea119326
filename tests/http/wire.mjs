// A raw connection: writes exactly these bytes, keeps exactly what came back, and reads it as answers.
import { connect } from 'node:net';

export class Wire {
  static async open(port) {
    const wire = new Wire();
    wire.bytes = Buffer.alloc(0);
    wire.closed = false;
    wire.waiting = new Set();
    wire.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    wire.socket.setNoDelay(true);
    const changed = () => { for (const look of [...wire.waiting]) look(); };
    wire.socket.on('data', (data) => { wire.bytes = Buffer.concat([wire.bytes, data]); changed(); });
    wire.socket.on('end', () => { wire.closed = true; wire.socket.end(); changed(); });
    wire.socket.on('close', () => { wire.closed = true; changed(); });
    wire.socket.on('error', (error) => { wire.error = error; wire.closed = true; changed(); });
    await new Promise((resolve, reject) => { wire.socket.once('connect', resolve).once('error', reject); });
    return wire;
  }
  write(bytes) {
    if (!this.socket.destroyed && this.socket.writable) this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }
  /// Half-closes: nothing more is sent, answers still come.
  end() { this.socket.end(); return this; }
  /// Ends the connection at once, with a reset if anything is unread.
  drop() { this.socket.destroy(); }

  /// Waits until `holds()` is true or `within` milliseconds have passed; what it says then.
  async until(holds, within = 5000) {
    if (holds()) return true;
    return new Promise((resolve) => {
      const done = (answer) => { clearTimeout(timer); this.waiting.delete(look); resolve(answer); };
      const look = () => { if (holds()) done(true); };
      const timer = setTimeout(() => done(holds()), within);
      this.waiting.add(look);
    });
  }
  ended(within) { return this.until(() => this.closed, within); }
  async answers(count, within) {
    await this.until(() => this.closed || this.parsed(count).length >= count, within);
    return this.parsed();
  }
  async answer(within) { return (await this.answers(1, within))[0]; }

  /// Every complete answer so far. An answer to HEAD must be asked for with `headOnly`.
  parsed(most = Infinity, headOnly = this.headOnly ?? false) {
    const found = [];
    let at = 0;
    while (found.length < most) {
      const end = this.bytes.indexOf('\r\n\r\n', at);
      if (end < 0) break;
      const [line, ...fields] = this.bytes.toString('latin1', at, end).split('\r\n');
      const headers = {};
      for (const field of fields) {
        const colon = field.indexOf(':');
        const name = field.slice(0, colon).toLowerCase();
        headers[name] = headers[name] === undefined ? field.slice(colon + 2) : `${headers[name]}, ${field.slice(colon + 2)}`;
      }
      const status = Number(line.split(' ')[1]);
      const length = headOnly || status < 200 || status === 204 || status === 304 ? 0 : Number(headers['content-length'] ?? 0);
      if (this.bytes.length < end + 4 + length) break;
      const body = this.bytes.subarray(end + 4, end + 4 + length);
      found.push({ line, status, headers, body, text: body.toString() });
      at = end + 4 + length;
    }
    found.rest = this.bytes.length - at;
    return found;
  }
}

/// One request on its own connection.
export async function ask(port, bytes, within) {
  const wire = await Wire.open(port);
  wire.headOnly = bytes.startsWith('HEAD ');
  const answer = await wire.write(bytes).answer(within);
  wire.drop();
  return answer;
}

export const get = (path, ...fields) => ['GET ' + path + ' HTTP/1.1', 'Host: a', ...fields, '', ''].join('\r\n');
export const post = (path, body, ...fields) =>
  ['POST ' + path + ' HTTP/1.1', 'Host: a', `Content-Length: ${Buffer.byteLength(body, 'latin1')}`, ...fields, '', body].join('\r\n');
