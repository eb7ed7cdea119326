// Serves web pages from a port of its own, so that whatever they ask of reeld is cross-origin: the folder
// site/, page.html at /, hls.js and dash.js. Pages learn from /config.js where the API is.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };
const named = {
  '/': join(here, 'page.html'),
  '/hls.js': createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js'),
  '/dash.js': createRequire(import.meta.url).resolve('dashjs/dist/dash.all.min.js'),
};

function fileOf(path) {
  return named[path] ?? join(here, 'site', normalize(path));
}

/// { origin, config, close() }: what is set in `config` are constants of every page.
export function servePages() {
  const config = {};
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url, 'http://x');
      if (pathname === '/config.js') {
        response.writeHead(200, { 'content-type': types['.js'] });
        return response.end(Object.entries(config).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`).join(''));
      }
      const file = fileOf(pathname);
      const type = types[extname(file)];
      if (!type || !existsSync(file)) return response.writeHead(404).end();
      response.writeHead(200, { 'content-type': type });
      createReadStream(file).pipe(response);
    });
    server.listen(0, '127.0.0.1', () => resolve({
      origin: `http://127.0.0.1:${server.address().port}`,
      config,
      close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
    }));
  });
}
