// One HTTP exchange, as plain as node:http gives it: no redirects followed, no encodings undone, the path
// sent as it is written. What came back is bytes; text and JSON are made on demand.
import http from 'node:http';

/// { status, headers, body, text, json }. `body` is a string, bytes, or a readable stream; of a stream nothing
/// more is sent once the answer has begun, as the server drops only so much of it before it closes.
export function request(base, method, path, { headers = {}, body, timeout = 30_000, agent } = {}) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const asked = http.request({ hostname, port, method, path, headers, agent: agent ?? false, timeout }, (answer) => {
      const pieces = [];
      body?.unpipe?.(asked);
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => {
        if (!asked.writableEnded) asked.destroy();
        resolve(exchangeOf(answer, Buffer.concat(pieces)));
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer within ${timeout} ms`)));
    asked.on('error', reject);
    if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) asked.end(body);
    else body.on('error', reject).pipe(asked);
  });
}

/// What to send for `json` (a value, or text as it is) or `form`, with its content type unless one is given:
/// { sent: headers, body }. Anything else is sent as it came.
export function encoded({ json, form, body }, headers) {
  const sent = { ...headers };
  if (json !== undefined) {
    sent['content-type'] ??= 'application/json';
    return { sent, body: typeof json === 'string' ? json : JSON.stringify(json) };
  }
  if (form !== undefined) {
    sent['content-type'] ??= 'application/x-www-form-urlencoded';
    return { sent, body: new URLSearchParams(form).toString() };
  }
  return { sent, body };
}

function exchangeOf(answer, body) {
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body,
    get text() { return body.toString('utf8'); },
    get json() { return JSON.parse(body.toString('utf8')); },
  };
}
