/** Address and way out under a page that brings its own look: the last thing before it ends, centred, in a grey that can be read on light and on dark. */
export function footed(page: string, footer: string): string {
  if (footer === '') return page;
  const block = `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:8px 24px 32px;font:12px/1.5 -apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#71717a">${footer}</td></tr></table>`;
  const end = page.toLowerCase().lastIndexOf('</body>');
  return end < 0 ? `${page}${block}` : `${page.slice(0, end)}${block}${page.slice(end)}`;
}
