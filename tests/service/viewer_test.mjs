// Story: somebody opens /docs. The page and all it loads come from the daemon, and only what belongs to it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Daemon } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';

let daemon;
before(async () => { daemon = await Daemon.start(); });
after(() => daemon.dispose());

const get = (path, headers = {}) => request(daemon.url, 'GET', path, { headers });
const files = [
  ['/docs', 'text/html; charset=utf-8', /openapi\.json/],
  ['/docs/', 'text/html; charset=utf-8', /swagger-ui-bundle\.js/],
  ['/docs/start.js', 'text/javascript; charset=utf-8', /SwaggerUIBundle\(/],
  ['/docs/swagger-ui.css', 'text/css; charset=utf-8', /\.swagger-ui/],
  ['/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8', /SwaggerUIBundle/],
  ['/docs/swagger-ui-bundle.js.LICENSE.txt', 'text/plain; charset=utf-8', /License/],
];

test('the page and its files are served, each as what it is', async () => {
  for (const [path, type, content] of files) {
    const answer = await get(path);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers['content-type'], type);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.match(answer.text, content);
  }
});

test('the page loads nothing that the daemon does not serve', async () => {
  const page = await get('/docs');
  const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url).filter((url) => url !== 'data:,');
  assert.ok(loaded.length >= 3);
  for (const url of loaded) assert.equal((await get(url)).status, 200, url);
  assert.match(page.headers['content-security-policy'], /default-src 'none'; script-src 'self';/);
});

test('a browser asks again and is told that nothing changed', async () => {
  const { headers } = await get('/docs/swagger-ui-bundle.js');
  const again = await get('/docs/swagger-ui-bundle.js', { 'if-none-match': headers.etag });
  assert.deepEqual([again.status, again.text], [304, '']);
});

test('what is no file of the viewer is 404, never a path', async () => {
  for (const path of ['/docs/package.json', '/docs/..%2f..%2fetc%2fpasswd', '/docs/%2e%2e', '/docs/swagger-ui.css/x', '/docs/index.html%00', '/docs/x'.padEnd(3000, 'x')]) {
    const answer = await get(path);
    assert.ok(answer.status === 404 || answer.status === 400, `${path}: ${answer.status}`);
    assert.match(answer.headers['content-type'], /json/);
  }
});
