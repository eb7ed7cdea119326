// What a test says of an answer: it went well, or it was refused in the shape that v1 promises.
import assert from 'node:assert/strict';

/// The answer itself if its status is 2xx.
export function ok(answer) {
  assert.ok(answer.status >= 200 && answer.status < 300, `${answer.status} ${answer.text.slice(0, 500)}`);
  return answer;
}

/// The answer itself if its status is (one of) `status` and its body a problem document; `code` if given.
export function refused(answer, status, code) {
  const allowed = [status].flat();
  assert.ok(allowed.includes(answer.status), `${answer.status} instead of ${allowed.join(' or ')}: ${answer.text.slice(0, 500)}`);
  assert.equal((answer.headers['content-type'] ?? '').split(';')[0], 'application/problem+json');
  const problem = answer.json;
  for (const key of ['type', 'title', 'detail', 'code', 'request_id']) {
    assert.equal(typeof problem[key], 'string', `"${key}" of ${answer.text}`);
  }
  assert.equal(problem.status, answer.status);
  if (answer.status === 422) assert.ok(Array.isArray(problem.errors) && problem.errors.length > 0, answer.text);
  if (code !== undefined) assert.equal(problem.code, code, answer.text);
  return answer;
}
