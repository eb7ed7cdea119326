// An upload in slow motion: the head goes out and is answered with 100 Continue, so the daemon is known to
// be in the middle of it; then the test sends pieces as it likes, or goes away.
import { connect } from 'node:net';

export class SlowUpload {
  /// Resolves once the daemon waits for the body.
  static begin(client, id, length) {
    const upload = new SlowUpload();
    const { daemon, token } = client;
    upload.socket = connect(daemon.port, '127.0.0.1');
    upload.received = '';
    upload.closed = new Promise((resolve) => upload.socket.on('close', resolve));
    return new Promise((resolve, reject) => {
      const began = setTimeout(() => reject(new Error(`no 100 Continue within 10 s, but: ${upload.received}`)), 10_000);
      upload.socket.on('error', () => {});
      upload.socket.on('data', (data) => {
        upload.received += data.toString('latin1');
        if (upload.received.startsWith('HTTP/1.1 100 ')) { clearTimeout(began); resolve(upload); }
      });
      upload.socket.on('close', () => { clearTimeout(began); reject(new Error(`closed instead of 100 Continue: ${upload.received}`)); });
      upload.socket.write([`PUT /api/v1/videos/${id}/upload HTTP/1.1`, 'Host: reeld', `Authorization: Bearer ${token}`,
        'Content-Type: application/octet-stream', `Content-Length: ${length}`, 'Expect: 100-continue', 'Connection: close', '', ''].join('\r\n'));
    });
  }
  send(bytes) {
    this.socket.write(bytes);
  }
  /// Sends bytes again and again until stop() or the end of the connection.
  drip(bytes, every = 100) {
    this.timer = setInterval(() => this.socket.write(bytes), every);
    this.closed.then(() => clearInterval(this.timer));
  }
  /// The status of the final answer, once the daemon has closed; undefined if there was none.
  async status() {
    await this.closed;
    const [, status] = this.received.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, '').match(/^HTTP\/1\.1 (\d{3}) /) ?? [];
    return status && Number(status);
  }
  abandon() {
    clearInterval(this.timer);
    this.socket.destroy();
  }
}
