// A download in slow motion: the answers have begun, so the daemon is known to be in the middle of them; then
// the test takes a little now and then, reads on to the end, or goes away.
import { connect } from 'node:net';

export class SlowReader {
  /// Asks for the paths one after the other on one connection. Resolves once the first answer has begun, of
  /// which no more is read.
  static begin(daemon, paths, headers = {}) {
    const reader = new SlowReader();
    reader.socket = connect(daemon.port, '127.0.0.1');
    reader.pieces = [];
    reader.ended = false;
    reader.closed = new Promise((resolve) => reader.socket.on('close', resolve)).then(() => { reader.ended = true; });
    const fields = ['Host: reeld', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
    const ask = (path, last) => [`GET ${path} HTTP/1.1`, ...fields, ...(last ? ['Connection: close'] : []), '', ''].join('\r\n');
    return new Promise((resolve, reject) => {
      const began = setTimeout(() => reject(new Error('no answer has begun within 10 s')), 10_000);
      reader.socket.on('error', () => {});
      reader.socket.on('close', () => { clearTimeout(began); reject(new Error('closed before an answer began')); });
      reader.socket.on('data', (piece) => {
        reader.pieces.push(piece);
        if (!reader.greedy) reader.socket.pause();
        clearTimeout(began);
        resolve(reader);
      });
      reader.socket.write(paths.map((path, index) => ask(path, index === paths.length - 1)).join(''));
    });
  }
  get received() {
    return this.pieces.reduce((sum, piece) => sum + piece.length, 0);
  }
  /// Takes a little again and again, until the end of the connection.
  sip(every = 1000) {
    this.timer = setInterval(() => this.socket.resume(), every);
    this.closed.then(() => clearInterval(this.timer));
  }
  /// Reads on as fast as it can; [{ status, body }] of every answer, once the daemon has closed.
  async rest() {
    clearInterval(this.timer);
    this.greedy = true;
    this.socket.resume();
    await this.closed;
    return answersIn(Buffer.concat(this.pieces));
  }
  abandon() {
    clearInterval(this.timer);
    this.socket.destroy();
  }
}

/// Each has a Content-Length, as answers of files do.
function answersIn(bytes) {
  const answers = [];
  for (let at = 0; at < bytes.length;) {
    const body = bytes.indexOf('\r\n\r\n', at) + 4;
    const head = bytes.toString('latin1', at, body);
    const length = Number(head.match(/^content-length: (\d+)\r$/im)?.[1]);
    answers.push({ status: Number(head.match(/^HTTP\/1\.1 (\d{3}) /)?.[1]), body: bytes.subarray(body, body + length) });
    at = body + length;
  }
  return answers;
}
