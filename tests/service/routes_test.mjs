// core/api/openapi.yaml and the daemon's own route table say the same, both ways, and the document is sound.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Contract } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';

const contract = Contract.load();

const daemon = await Daemon.start();
after(() => daemon.dispose());

/// "GET /api/v1/videos/{id}" each, as the daemon itself lists them; HEAD and OPTIONS follow from it.
const answer = await daemon.ctl(['--json', 'route', 'list']);
assert.equal(answer.code, 0, answer.output);
const table = JSON.parse(answer.output).routes.map((route) => `${route.method} ${route.pattern}`);
const routes = () => table;
const plain = (operation) => operation.replace(/(.)\/$/, '$1');

test('every route of v1 and every media route is in the contract', () => {
  const promised = new Set(contract.operations().map(plain));
  const served = routes().map(plain);
  assert.ok(served.length > 10, served.join('\n'));
  assert.deepEqual(served.filter((route) => /^\S+ \/(api\/v1|media)\//.test(route) && !/^(HEAD|OPTIONS) /.test(route) && !promised.has(route)), []);
});

test('every operation of the contract is a route', () => {
  const served = new Set(routes().map(plain));
  assert.deepEqual(contract.operations().map(plain).filter((operation) => !served.has(operation)), []);
});

test('the contract is OpenAPI 3.1 and every reference leads somewhere', () => {
  assert.match(contract.document.openapi, /^3\.1\./);
  const walk = (node, path) => {
    if (node === null || typeof node !== 'object') return;
    if (typeof node.$ref === 'string') assert.ok(contract.resolve(node) !== undefined, `${path}: ${node.$ref} leads nowhere`);
    for (const [key, value] of Object.entries(node)) walk(value, `${path}/${key}`);
  };
  walk(contract.document, '');
});

test('every operation has a summary, an id of its own, its parameters and its errors', () => {
  const ids = new Set();
  for (const operation of contract.operations()) {
    const [method, path] = operation.split(' ');
    const item = contract.document.paths[path];
    const node = item[method.toLowerCase()];
    assert.ok(node.summary, `${operation} has no summary`);
    assert.ok(node.operationId && !ids.has(node.operationId), `${operation} has no operationId of its own`);
    ids.add(node.operationId);
    const named = [...(item.parameters ?? []), ...(node.parameters ?? [])].map((parameter) => contract.resolve(parameter)).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    assert.deepEqual(named.sort(), [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort(), operation);
    assert.ok(Object.keys(node.responses).some((status) => /^(2|3)/.test(status)), `${operation} promises no success`);
  }
});
