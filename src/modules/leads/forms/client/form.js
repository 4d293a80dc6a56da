// The page's own script: conditions, steps, one click one send, proof of work, height for the frame around it. Everything works without it.
(() => {
  const form = document.querySelector('form');
  const framed = parent !== self;
  const tell = (message) => framed && parent.postMessage({ steward: message.kind, ...message }, '*');
  const height = () => tell({ kind: 'height', height: document.body.offsetHeight });
  if (framed) {
    new ResizeObserver(height).observe(document.body);
    const onwards = document.querySelector('a[data-onwards]');
    if (onwards) tell({ kind: 'redirect', url: onwards.href });
  }
  if (!form) return;
  const boxes = [...form.querySelectorAll('[data-field]')];
  const steps = [...form.querySelectorAll('[data-step]')];
  const progress = form.querySelector('[data-progress]');
  const button = (name) => form.querySelector(`button[data-${name}]`);
  const [next, back, send] = [button('next'), button('back'), button('send')];
  let at = 0;

  const answers = () => {
    const found = {};
    for (const box of boxes) {
      if (box.hidden) continue;
      found[box.dataset.field] = [...box.querySelectorAll('input,select,textarea')]
        .filter((control) => !/radio|checkbox/.test(control.type) || control.checked)
        .map((control) => control.value.trim())
        .filter((value) => value !== '');
    }
    return found;
  };
  const shown = (when, all) => {
    const one = ({ field, op, value }) => {
      const given = all[field] || [];
      if (op === 'is') return given.includes(value);
      if (op === 'is_not') return !given.includes(value);
      if (op === 'contains') return given.some((each) => each.toLowerCase().includes(value.toLowerCase()));
      if (op === 'above') return given.some((each) => Number(each) > Number(value));
      if (op === 'below') return given.some((each) => Number(each) < Number(value));
      return (op === 'answered') === given.length > 0;
    };
    return when.match === 'all' ? when.rules.every(one) : when.rules.some(one);
  };
  // Fields look only at fields above them, so one pass from the top settles everything.
  const refresh = () => {
    for (const box of boxes) {
      if (!box.dataset.when) continue;
      box.hidden = !shown(JSON.parse(box.dataset.when), answers());
      for (const control of box.querySelectorAll('input,select,textarea')) control.disabled = box.hidden;
    }
  };
  const need = (box) => {
    const picks = [...box.querySelectorAll('input[type=checkbox]')];
    if (picks.length > 0 && box.dataset.need)
      picks[0].setCustomValidity(box.hidden || picks.some((pick) => pick.checked) ? '' : box.dataset.need);
  };
  const show = (step, focus) => {
    at = step;
    steps.forEach((part, index) => (part.hidden = index !== at));
    back.hidden = at === 0;
    next.hidden = at === steps.length - 1;
    send.hidden = !next.hidden;
    progress.textContent = progress.dataset.progress.replace('{step}', at + 1).replace('{steps}', steps.length);
    if (focus) steps[at].querySelector('h2').focus();
  };
  const save = () => {
    if (!form.dataset.partials) return;
    const body = JSON.stringify({ token: form.elements.token.value, step: at, answers: answers() });
    fetch(form.dataset.partials, { method: 'POST', headers: { 'content-type': 'application/json' }, body, keepalive: true }).catch(
      () => {},
    );
  };
  const faulty = (part) => {
    boxes.forEach(need);
    return [...part.querySelectorAll('input,select,textarea')].find((control) => !control.disabled && !control.checkValidity());
  };

  form.addEventListener('input', refresh);
  form.addEventListener('change', () => {
    refresh();
    boxes.forEach(need);
  });
  refresh();
  if (steps.length > 1) {
    form.noValidate = true;
    const bad = steps.findIndex((part) => part.querySelector('[aria-invalid]'));
    show(Math.max(0, bad), false);
    next.addEventListener('click', () => {
      const first = faulty(steps[at]);
      if (first) return first.reportValidity();
      save();
      show(at + 1, true);
    });
    back.addEventListener('click', () => show(at - 1, true));
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || next.hidden || event.target.matches('textarea,button')) return;
      event.preventDefault();
      next.click();
    });
    addEventListener('pagehide', () => sent || save());
  }

  let sent = false;
  let solving = null;
  if (form.dataset.challenge) {
    solving = new Promise((resolve) => {
      const worker = new Worker('/f/worker.js');
      worker.onmessage = ({ data }) => resolve((form.elements.proof.value = data));
      worker.onerror = resolve;
      setTimeout(resolve, 20000);
      worker.postMessage(form.dataset.challenge);
    });
  }
  form.addEventListener('submit', (event) => {
    const first = faulty(form);
    if (sent || first) {
      event.preventDefault();
      if (first && !sent) {
        if (steps.length > 1)
          show(
            steps.findIndex((part) => part.contains(first)),
            false,
          );
        first.reportValidity();
      }
      return;
    }
    sent = true;
    send.setAttribute('aria-busy', 'true');
    if (!solving) return;
    event.preventDefault();
    void solving.then(() => form.submit());
  });
  addEventListener('pageshow', () => {
    sent = false;
    send.removeAttribute('aria-busy');
  });
})();
