// What every page does: calls with cookies and a JSON content type, answers read as JSON whatever their
// status, refusals shown as one line for each text in them.
async function call(method, path, body) {
  const response = await fetch(API + path, {
    method, credentials: 'include', headers: { 'Content-Type': 'application/json', 'X-CSRFToken': cookie('csrftoken') ?? '' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { ok: response.ok, status: response.status, data: await response.json() };
}

function cookie(name) {
  return document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/// Every string in it, however deep.
function leaves(value) {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(leaves) : [];
}

function toast(texts, good = false) {
  const box = document.getElementById('toast');
  box.replaceChildren(...[texts].flat().map((text) => {
    const line = document.createElement('p');
    line.textContent = text;
    line.className = good ? 'good' : '';
    return line;
  }));
}

/// Sends a form's fields as JSON; `done` gets the answer once it is a success.
function submits(form, path, done) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const answer = await call('POST', typeof path === 'function' ? path() : path, Object.fromEntries(new FormData(form)));
      if (answer.ok) done(answer.data);
      else toast(leaves(answer.data));
    } catch (error) {
      toast(`Network error: ${error.message}`);
    }
  });
}

const query = new URLSearchParams(location.search);
const linkPath = (action) => `${action}/${query.get('uid')}/${query.get('token')}/`;
