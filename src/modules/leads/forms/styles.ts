import { createHash } from 'node:crypto';

/** The look of the app on pages that load nothing: system fonts, light and dark, from 320 px up. */
export const STYLES = `
:root{--accent:#3b57cf;--on:#fff;--ink:#16181f;--soft:#5a5f6b;--line:#e2e4ea;--edge:#8b909c;--canvas:#f9fafb;--panel:#fff;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root:not(.light){--accent:#6f8af0;--on:#0f1116;--ink:#edeef2;--soft:#a4a9b6;--line:#272a32;--edge:#6b7180;--canvas:#0e0f13;--panel:#15171c;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;padding:24px 16px;display:flex;flex-direction:column;align-items:center;background:var(--canvas);color:var(--ink);font:15px/24px Inter,ui-sans-serif,system-ui,-apple-system,'Segoe UI',sans-serif}
main{width:100%;max-width:440px;padding:28px;background:var(--panel);border:1px solid var(--line);border-radius:12px;box-shadow:0 1px 2px rgb(20 22 30/.05);overflow-wrap:anywhere}
@media (max-width:400px){main{padding:20px}}
h1{margin:0 0 8px;font-size:22px;line-height:28px;font-weight:600;letter-spacing:-.01em}
.intro{margin:0 0 20px;color:var(--soft)}
blockquote{margin:0 0 20px;padding:2px 0 2px 14px;border-left:3px solid var(--line)}
.field{margin:0 0 16px}
label,legend{display:block;margin:0 0 6px;padding:0;font-weight:500}
h1+form{margin-top:20px}
h2{margin:0 0 16px;font-size:17px;line-height:24px;font-weight:600;outline:0}
fieldset{margin:0;padding:0;border:0;min-width:0}
a{color:var(--accent)}
small{font-size:13px;font-weight:400;color:var(--soft)}
input:not([type=checkbox]):not([type=radio]),select,textarea{width:100%;min-height:40px;padding:7px 11px;font:inherit;color:inherit;background:var(--panel);border:1px solid var(--edge);border-radius:6px}
textarea{resize:vertical}
[aria-invalid=true]{border-color:var(--bad)!important}
.tick{display:flex;gap:10px;margin:0;padding:4px 0;font-weight:400}
.tick input{flex:none;width:18px;height:18px;margin:3px 0 0;accent-color:var(--accent)}
.consent,.help{color:var(--soft)}
.help,.fault{display:block;margin-top:4px;font-size:14px}
p.help{margin:0 0 16px}
p.help:empty{display:none}
.fault,.alert{color:var(--bad)}
.alert{margin:0 0 16px;font-weight:500}
[hidden]{display:none!important}
.buttons{display:flex;gap:10px}
[aria-busy=true]{opacity:.6}
.embedded{min-height:0;padding:2px;background:none}
.embedded main{max-width:none;padding:4px;border:0;box-shadow:none;background:none}
button{width:100%;min-height:40px;padding:8px 16px;font:inherit;font-weight:500;color:var(--on);background:var(--accent);border:1px solid transparent;border-radius:6px;cursor:pointer}
button.second{background:none;color:var(--ink);border-color:var(--edge)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.trap{position:absolute;left:-9999px;width:1px;height:1px;overflow:hidden}
.success-message{font-size:17px;line-height:26px;font-weight:500}
`;

/** For the page's content security policy: this very style and no other. */
export const STYLES_HASH = `'sha256-${createHash('sha256').update(STYLES).digest('base64')}'`;
