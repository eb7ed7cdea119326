// Serves the page and hls.js from a port of its own, so that everything the player fetches is cross-origin.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const files = {
  '/': [fileURLToPath(new URL('page.html', import.meta.url)), 'text/html; charset=utf-8'],
  '/hls.js': [createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js'), 'text/javascript'],
};

/// { origin, close() }
export function servePage() {
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      const [path, type] = files[new URL(request.url, 'http://x').pathname] ?? [];
      if (!path) return response.writeHead(404).end();
      response.writeHead(200, { 'content-type': type });
      createReadStream(path).pipe(response);
    });
    server.listen(0, '127.0.0.1', () => resolve({
      origin: `http://127.0.0.1:${server.address().port}`,
      close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
    }));
  });
}
