// Puts a Steward form where its script tag stands: a frame of its own height. Loads nothing else, stores nothing, sets no cookie.
(() => {
  const tag = document.currentScript;
  if (!tag || !tag.dataset.form) return;
  const home = new URL(tag.src).origin;
  const url = new URL(`/f/${encodeURIComponent(tag.dataset.form)}`, home);
  const here = new URL(location.href);
  for (const [name, value] of here.searchParams) if (name.startsWith('utm_')) url.searchParams.set(name, value);
  for (const name of tag.getAttributeNames())
    if (name.startsWith('data-field-')) url.searchParams.set(name.slice(11), tag.getAttribute(name));
  url.searchParams.set('embed', '1');
  url.searchParams.set('landing_page', here.origin + here.pathname);
  if (document.referrer) url.searchParams.set('referrer', document.referrer);
  const frame = document.createElement('iframe');
  frame.src = url.href;
  frame.title = tag.dataset.title || 'Form';
  frame.style.cssText = 'display:block;width:100%;max-width:560px;height:480px;border:0';
  frame.height = '480';
  tag.after(frame);
  addEventListener('message', (event) => {
    if (event.origin !== home || event.source !== frame.contentWindow || !event.data) return;
    const { steward, height, url: target } = event.data;
    if (steward === 'height' && height > 0 && height < 20000) frame.style.height = `${Math.ceil(height)}px`;
    if (steward === 'redirect' && /^https?:\/\//.test(target)) location.assign(target);
  });
})();
