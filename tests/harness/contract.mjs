// core/api/openapi.yaml held against what really goes over the wire: every exchange of the service tests is
// looked up there, its status, content type and body checked against what is promised.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';
import { keptPath } from './kept.mjs';

export const contractPath = join(fileURLToPath(new URL('../..', import.meta.url)), 'core/api/openapi.yaml');
// What breaks HTTP itself is answered before any route is known; the document says so at its top.
const beforeRoutes = [400, 408, 414, 417, 431, 501, 503, 505];
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

/// The document, kept as JSON in tests/out: to read it as YAML takes each story a third of a second.
function documentOf(path) {
  const text = readFileSync(path, 'utf8');
  const kept = keptPath('contract', 'document.json', text);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  const document = createRequire(import.meta.url)('yaml').parse(text);
  writeFileSync(`${kept}.${process.pid}`, JSON.stringify(document));
  renameSync(`${kept}.${process.pid}`, kept);
  return document;
}

export class Contract {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv2020.default({ strict: false, allErrors: true, validateFormats: true });
    addFormats.default(this.ajv);
    this.ajv.addSchema(document, 'contract', undefined, false);
    this.compiled = new Map();
    this.templates = Object.keys(document.paths ?? {}).map((template) => ({
      template,
      // Literal routes win over parameters, as in the router.
      parameters: (template.match(/\{/g) ?? []).length,
      pattern: new RegExp('^' + template.replace(/\/$/, '').replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+') + '/?$'),
    })).sort((a, b) => a.parameters - b.parameters);
  }
  static load(path = contractPath) {
    return new Contract(documentOf(path));
  }

  /// "GET /api/v1/videos/{id}" for every operation.
  operations() {
    return Object.entries(this.document.paths ?? {}).flatMap(([path, item]) =>
      methods.filter((method) => item[method]).map((method) => `${method.toUpperCase()} ${path}`));
  }

  resolve(node) {
    while (node?.$ref) {
      node = node.$ref.slice(2).split('/').reduce((at, key) => at?.[unescapePointer(key)], this.document);
    }
    return node;
  }

  validate(pointer, value) {
    if (!this.compiled.has(pointer)) this.compiled.set(pointer, this.ajv.compile({ $ref: `contract#${pointer}` }));
    const check = this.compiled.get(pointer);
    return check(value) ? [] : check.errors.map((error) => `${error.instancePath || 'the body'} ${error.message}`);
  }

  /// Sentences about where an exchange breaks the contract; empty if it keeps it.
  problems({ method, path, sent, body, answer }) {
    const plain = path.split('?')[0];
    const found = this.templates.find(({ pattern }) => pattern.test(plain));
    const verb = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase();
    const say = (what) => [`${method} ${plain} -> ${answer.status}: ${what}`];
    if (answer.status >= 500 && ![501, 503, 507].includes(answer.status)) return say(`a server error: ${answer.text.slice(0, 200)}`);
    // The Videoflix surface has a contract of its own, which visitor.mjs knows.
    if (/^\/api\/(?!v1(\/|$))/.test(path)) return answer.status < 400 ? [] : this.errorShape(answer, say, method);
    const operation = found && this.document.paths[found.template][verb];
    if (!operation) {
      const expected = found ? [405, 204] : [404, 400, 405];
      return expected.includes(answer.status) ? this.errorShape(answer, say, method) : say('the contract does not name this operation');
    }
    const operationAt = `/paths/${escapePointer(found.template)}/${verb}`;
    const key = [String(answer.status), `${Math.floor(answer.status / 100)}XX`, 'default'].find((name) => operation.responses?.[name]);
    if (!key) return beforeRoutes.includes(answer.status) ? this.errorShape(answer, say, method) : say('a status that the contract does not name');
    const response = this.resolve(operation.responses[key]);
    const responseAt = operation.responses[key].$ref?.slice(1) ?? `${operationAt}/responses/${key}`;
    return [
      ...this.bodyProblems(response, responseAt, answer, method, say),
      ...this.headerProblems(response, answer, say),
      ...(answer.status < 300 ? this.requestProblems(operation, operationAt, sent, body, say) : []),
    ];
  }

  bodyProblems(response, at, answer, method, say) {
    const type = (answer.headers['content-type'] ?? '').split(';')[0].trim();
    if (!response.content) return answer.body.length === 0 ? [] : say('a body where the contract promises none');
    if (method === 'HEAD' || answer.status === 304) return [];
    const media = response.content[type];
    if (!media) return say(`content type "${type}" where the contract promises ${Object.keys(response.content).join(' or ')}`);
    if (!media.schema || !/[/+]json$/.test(type)) return [];
    let value;
    try {
      value = answer.json;
    } catch {
      return say('a body that is not JSON');
    }
    return this.validate(`${at}/content/${escapePointer(type)}/schema`, value).flatMap(say);
  }

  headerProblems(response, answer, say) {
    return Object.entries(response.headers ?? {}).flatMap(([name, header]) => {
      const { required, schema } = this.resolve(header);
      const value = answer.headers[name.toLowerCase()];
      if (value === undefined) return required ? say(`no ${name} header`) : [];
      return schema && !this.ajv.validate(schema, value) ? say(`${name}: ${value}`) : [];
    });
  }

  requestProblems(operation, at, sent, body, say) {
    const type = (sent['content-type'] ?? '').split(';')[0];
    const promised = this.resolve(operation.requestBody);
    const media = promised?.content?.[type] ?? promised?.content?.[type.replace(/\/.*/, '/*')];
    if (promised?.content && body !== undefined && !media) return say(`it takes a ${type || 'nameless'} body, which the contract does not name`);
    if (!media?.schema || typeof body !== 'string') return [];
    const base = operation.requestBody.$ref?.slice(1) ?? `${at}/requestBody`;
    const value = /json$/.test(type) ? JSON.parse(body) : type === 'application/x-www-form-urlencoded' ? Object.fromEntries(new URLSearchParams(body)) : undefined;
    return value === undefined ? [] : this.validate(`${base}/content/${escapePointer(type)}/schema`, value).flatMap((text) => say(`it took a request that the contract forbids: ${text}`));
  }

  /// Errors outside any operation still have the surface's shape.
  errorShape(answer, say, method) {
    if (answer.status === 204 || method === 'HEAD') return [];
    const type = answer.headers['content-type'] ?? '';
    let value;
    try {
      value = answer.json;
    } catch {
      return say(`a body that is not JSON (${type}): ${answer.text.slice(0, 100)}`);
    }
    return saysWhy(value) ? [] : say(`an error that says nothing: ${answer.text.slice(0, 100)}`);
  }
}

/// `detail`, or what the Videoflix contract has in its place: a message, or lists of sentences by field.
const saysWhy = (value) => typeof (value.detail ?? value.message) === 'string'
  || (Object.keys(value).length > 0 && Object.values(value).every((list) => Array.isArray(list) && list.every((text) => typeof text === 'string')));

const escapePointer = (text) => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
const unescapePointer = (text) => decodeURIComponent(text).replaceAll('~1', '/').replaceAll('~0', '~');

const contract = existsSync(contractPath) ? Contract.load() : undefined;
const broken = new Set();
let exchanges = 0;

export function recordExchange(exchange) {
  ++exchanges;
  for (const problem of contract?.problems(exchange) ?? ['core/api/openapi.yaml is missing']) broken.add(problem);
}

/// Call at the end of a test file: one test that fails if any exchange so far broke the contract.
export function contractTest(story) {
  test(`every exchange of "${story}" keeps to the contract`, () => {
    assert.ok(exchanges > 0, 'no exchange was recorded');
    assert.deepEqual([...broken], []);
  });
}
