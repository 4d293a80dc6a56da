import { createHash } from 'node:crypto';

/** The look of the app on pages that load nothing from elsewhere: system fonts, light and dark, from 320 px up. */
export const STYLES = `
:root{--accent:#3b57cf;--on:#fff;--ink:#16181f;--soft:#5a5f6b;--line:#e2e4ea;--edge:#8b909c;--canvas:#f6f7f9;--panel:#fff;--hover:#f6f7f9;--bad:#b3261e;--bad-bg:#fdeceb;--ok:#146c3b;--ok-bg:#e6f4ec;--warn:#8a5300;--warn-bg:#fdf1dd;--accent-ink:#3049b5;--accent-bg:#eceffc}
@media (prefers-color-scheme:dark){:root{--accent:#6f8af0;--on:#0f1116;--ink:#edeef2;--soft:#a4a9b6;--line:#272a32;--edge:#6b7180;--canvas:#0e0f13;--panel:#15171c;--hover:#1b1e25;--bad:#ff8a80;--bad-bg:#3a1917;--ok:#7fd6a4;--ok-bg:#12301f;--warn:#f0b866;--warn-bg:#37270d;--accent-ink:#9db0f7;--accent-bg:#1c2340}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;background:var(--canvas);color:var(--ink);font:15px/24px Inter,ui-sans-serif,system-ui,-apple-system,'Segoe UI',sans-serif;overflow-wrap:anywhere}
.page{max-width:760px;margin:0 auto;padding:0 16px 40px}
.top{display:flex;align-items:center;gap:12px;padding:24px 0 20px;font-weight:600;color:var(--ink);text-decoration:none}
.top img{display:block;max-width:180px;max-height:44px;padding:0}
@media (prefers-color-scheme:dark){.top img{padding:6px 8px;background:#fff;border-radius:8px}}
.mark{display:grid;place-items:center;width:36px;height:36px;border-radius:10px;background:var(--accent);color:var(--on);font-size:17px}
h1{margin:0 0 4px;font-size:24px;line-height:32px;font-weight:600;letter-spacing:-.015em}
h1,h2,strong{hyphens:auto}
h2{margin:0;font-size:16px;line-height:24px;font-weight:600}
h3{margin:0 0 4px;font-size:15px;line-height:24px;font-weight:600}
p{margin:0}
.lead{margin:0 0 24px;color:var(--soft)}
.back{display:inline-block;margin:0 0 12px}
a{color:var(--accent-ink);text-underline-offset:3px}
.card{margin:0 0 20px;background:var(--panel);border:1px solid var(--line);border-radius:14px;box-shadow:0 1px 2px rgb(20 22 30/.04)}
.card>header{display:flex;flex-wrap:wrap;align-items:baseline;justify-content:space-between;gap:0 12px;padding:16px 20px 0}
.inside{padding:14px 20px 20px}
.inside>*+*{margin-top:14px}
.inside:has(+.rows){padding-bottom:4px}
.soft,small{color:var(--soft)}
small{font-size:13px;line-height:20px}
ul.rows{list-style:none;margin:10px 0 0;padding:0}
.rows>li{border-top:1px solid var(--line)}
.rows>li>a,.rows>li>.row{display:flex;align-items:center;gap:12px;padding:13px 20px;color:inherit;text-decoration:none}
.rows>li:last-child>a{border-radius:0 0 13px 13px}
.rows>li>a:hover{background:var(--hover)}
.rows .what{flex:1;min-width:0}
.rows .what strong{display:block;font-weight:500}
.rows .num{text-align:right;white-space:nowrap}
.rows .side{flex:none;display:flex;align-items:center;gap:12px}
details>summary{display:inline-block;min-height:44px;padding:9px 18px;font-weight:500;border:1px solid var(--edge);border-radius:8px;cursor:pointer;list-style:none}
details>summary::-webkit-details-marker{display:none}
details>summary::before{content:'+';margin-right:8px;color:var(--soft)}
details[open]>summary{min-height:0;margin:0 0 12px;padding:0;border:0;cursor:default;font-size:16px}
details[open]>summary::before{content:none}

.num{font-variant-numeric:tabular-nums}
.badge{flex:none;padding:1px 9px;border-radius:99px;font-size:13px;line-height:20px;font-weight:500;white-space:nowrap;color:var(--soft);background:var(--hover);border:1px solid var(--line)}
.badge.ok{color:var(--ok);background:var(--ok-bg);border-color:transparent}
.badge.bad{color:var(--bad);background:var(--bad-bg);border-color:transparent}
.badge.warn{color:var(--warn);background:var(--warn-bg);border-color:transparent}
.badge.accent{color:var(--accent-ink);background:var(--accent-bg);border-color:transparent}
.said,.alert{margin:0 0 20px;padding:11px 16px;border-radius:10px;font-weight:500}
.said{color:var(--ok);background:var(--ok-bg)}
.alert{color:var(--bad);background:var(--bad-bg)}
.bar{height:8px;border-radius:99px;background:var(--line);overflow:hidden}
.bar svg{display:block;width:100%;height:8px}
.bar rect{fill:var(--accent)}
.text{padding:14px 16px;border:1px solid var(--line);border-radius:10px;background:var(--hover);white-space:pre-wrap}
.text.tall{max-height:380px;overflow:auto}
.field{margin:0 0 14px}
label,legend{display:block;margin:0 0 5px;padding:0;font-weight:500}
fieldset{margin:0;padding:0;border:0;min-width:0}
.help,.fault{display:block;margin-top:4px;font-size:14px;line-height:20px}
.help{color:var(--soft)}
.fault{color:var(--bad)}
input:not([type=checkbox]):not([type=radio]):not([type=file]),select,textarea{width:100%;min-height:44px;padding:9px 12px;font:inherit;color:inherit;background:var(--panel);border:1px solid var(--edge);border-radius:8px}
input[type=file]{width:100%;min-height:44px;padding:9px;font:inherit;color:inherit;border:1px dashed var(--edge);border-radius:8px}
textarea{min-height:110px;resize:vertical}
[aria-invalid=true]{border-color:var(--bad)!important}
.tick{display:flex;gap:10px;margin:0;padding:6px 0;font-weight:400}
.tick input{flex:none;width:20px;height:20px;margin:2px 0 0;accent-color:var(--accent)}
button,.button{display:inline-block;min-height:44px;padding:9px 18px;font:inherit;font-weight:500;text-align:center;color:var(--on);background:var(--accent);border:1px solid transparent;border-radius:8px;text-decoration:none;cursor:pointer}
button.second,.button.second{color:var(--ink);background:none;border-color:var(--edge)}
button[disabled]{opacity:.6;cursor:default}
@media (max-width:480px){.rows .side{flex-direction:column;align-items:flex-end;gap:4px}details:not([open])>summary{display:block;text-align:center}form>button,.inside>.button{width:100%}.rows>li>a,.rows>li>.row{padding:13px 16px}.card>header{padding:14px 16px 0}.inside{padding:12px 16px 16px}}
.times{display:flex;flex-wrap:wrap;gap:8px;margin:6px 0 0;padding:0;list-style:none}.times .button{min-width:84px;padding:9px 14px}.acts{display:flex;flex-wrap:wrap;gap:8px}@media (max-width:480px){.acts>*{flex:1 1 100%}.acts .button,.acts button{width:100%}}
.find{margin:0 0 20px}.pair{display:flex;gap:8px}.pair input,.pair select{flex:1;min-width:0}.pair button{flex:none}.votes{display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px}.votes p{flex:1 1 100%}
@media (max-width:480px){.votes>button{flex:1;width:auto}}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
footer .languages{display:flex;flex-wrap:wrap;gap:0 16px}footer .languages a{padding:12px 0;min-height:44px;box-sizing:border-box}footer .languages button{width:auto;padding:12px 0;font-size:13px;font-weight:400;line-height:20px;color:var(--accent-ink);background:none;border:0;text-decoration:underline;text-underline-offset:3px}footer .languages [aria-current]{color:inherit;text-decoration:none;font-weight:600}
footer{margin-top:32px;padding-top:16px;border-top:1px solid var(--line);color:var(--soft);font-size:13px;line-height:20px}
`;

/** For the page's content security policy: this very style and no other. */
export const STYLES_HASH = `'sha256-${createHash('sha256').update(STYLES).digest('base64')}'`;
