import { darkShades, FAMILIES, lightShades, shade, tint, type Look } from '#modules/brand/public.ts';

/** Colours and letters of the brand. Dark only where the brand says so. */
function brandStyles(look: Look): string {
  const [light, dark] = [lightShades(look), darkShades(look)];
  const { head, body } = FAMILIES[look.font];
  const night = `--ink:#eef0f4;--soft:#a6abb8;--line:#2a2d36;--edge:#6b7180;--ground:#101217;--panel:#171a20;--wash:#14171d;--accent:${dark.accent};--on:${dark.onAccent};--deep:${shade(dark.accent, 0.72)};--bad:#ff8a80`;
  return `:root{color-scheme:${look.dark ? 'light dark' : 'light'};--ink:#14161c;--soft:#565b67;--line:#e4e6ec;--edge:#868b98;--ground:#fff;--panel:#fff;--wash:${tint(light.accent, 0.96)};--accent:${light.accent};--on:${light.onAccent};--deep:${tint(light.accent, 0.87)};--bad:#b3261e;--head:${head};--body:${body}}${
    look.dark ? `@media (prefers-color-scheme:dark){:root{${night}}}` : ''
  }`;
}

const STYLES = `*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1.5rem}
body{margin:0;background:var(--ground);color:var(--ink);font:17px/1.65 var(--body);overflow-wrap:break-word}
h1,h2,h3{font-family:var(--head);margin:0;line-height:1.12;letter-spacing:-.022em;font-weight:680;text-wrap:balance}
h2{font-size:clamp(1.7rem,1.2rem + 2vw,2.6rem)}h3{font-size:1.1rem;line-height:1.35;letter-spacing:-.01em}
p{margin:0}p+p,p+ul,p+ol,ul+p,ol+p{margin-top:1rem}
a{color:var(--accent);text-underline-offset:.2em}
img{display:block;max-width:100%;height:auto}
.in{width:min(100% - 2.5rem,68rem);margin-inline:auto}
.skip{position:absolute;left:-9999px}.skip:focus{left:1rem;top:1rem;z-index:9;background:var(--panel);padding:.6rem 1rem;border-radius:8px}
.top{position:relative;z-index:2}.top .in{display:flex;align-items:center;justify-content:space-between;gap:1rem;min-height:76px}
.name{font:650 1.08rem/1.2 var(--head);letter-spacing:-.01em}.name img{max-height:40px;max-width:180px;width:auto}
.part{padding:clamp(3.2rem,7.5vw,6.5rem) 0;position:relative}
.part.wash{background:var(--wash)}
.headed{max-width:40rem;margin:0 auto clamp(2rem,4.5vw,3.4rem);text-align:center}
.headed p{margin-top:.9rem;color:var(--soft);font-size:1.1rem;text-wrap:pretty}
.button{display:inline-flex;align-items:center;justify-content:center;min-height:50px;padding:.6rem 1.5rem;border-radius:12px;border:1px solid transparent;background:var(--accent);color:var(--on);font:600 1rem/1.3 var(--body);text-decoration:none;text-align:center;cursor:pointer;transition:transform .15s,box-shadow .15s,background .15s}
.button:hover{transform:translateY(-1px);box-shadow:0 8px 22px -10px var(--accent)}
.button.quiet{background:none;border-color:var(--line);color:var(--ink)}.button.quiet:hover{background:var(--wash);box-shadow:none}
.button.small{min-height:44px;padding:.4rem 1.1rem;font-size:.94rem}
.hero{padding:clamp(2.6rem,7vw,6rem) 0 clamp(3.4rem,8vw,7rem);position:relative;overflow:hidden;isolation:isolate;margin-top:-76px;padding-top:calc(76px + clamp(2.6rem,7vw,6rem))}
.hero:before{content:'';position:absolute;inset:0;z-index:-2;background:radial-gradient(70rem 34rem at 50% -12rem,var(--deep),transparent 72%)}
.art{position:absolute;inset:0;width:100%;height:100%;z-index:-1;fill:none;stroke:var(--accent);stroke-width:1.2;opacity:.3;-webkit-mask-image:radial-gradient(75% 85% at 50% 30%,#000 10%,transparent 75%);mask-image:radial-gradient(75% 85% at 50% 30%,#000 10%,transparent 75%)}
.art .dot{fill:var(--accent);stroke:none}.art .fill{stroke:none;fill:url(#dots)}
.hero .words{max-width:48rem;margin:0 auto;text-align:center}
.eyebrow{display:inline-block;margin:0 0 1.2rem;padding:.3rem .9rem;border-radius:99px;background:var(--deep);color:var(--ink);font-size:.88rem;font-weight:600}
h1{font-size:clamp(2.3rem,1.3rem + 4.6vw,4.3rem);line-height:1.04;letter-spacing:-.034em}
.hero .text{margin:1.4rem auto 0;max-width:36rem;font-size:clamp(1.08rem,1rem + .5vw,1.28rem);line-height:1.55;color:var(--soft);text-wrap:pretty}
.actions{display:flex;flex-wrap:wrap;gap:.8rem;justify-content:center;margin-top:2.1rem}
.note{margin-top:1.1rem;font-size:.92rem;color:var(--soft)}
.hero img{border-radius:18px;box-shadow:0 1px 2px rgb(20 22 30/.08),0 30px 70px -28px rgb(20 22 30/.38)}
.hero .shown{margin-top:clamp(2.4rem,5vw,3.6rem)}
@media (min-width:900px){.hero.side .in{display:grid;grid-template-columns:1.05fr 1fr;gap:4rem;align-items:center}.hero.side .words{text-align:left;margin:0}.hero.side .text{margin-inline:0}.hero.side .actions{justify-content:flex-start}.hero.side .shown{margin-top:0}}
.prose{max-width:42rem;margin-inline:auto}.prose h2{margin-bottom:1.2rem}.prose h3{margin:1.8rem 0 .5rem}.prose ul,.prose ol{padding-left:1.3rem}.prose li{margin:.3rem 0}
figure{margin:0}figcaption{margin-top:.8rem;text-align:center;font-size:.92rem;color:var(--soft)}.wide img{border-radius:18px;margin-inline:auto}
.grid{display:grid;gap:1.1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,17.5rem),1fr));list-style:none;margin:0;padding:0}
.card{padding:1.7rem;border:1px solid var(--line);border-radius:18px;background:var(--panel)}
.card p{margin-top:.45rem;color:var(--soft);font-size:1rem;line-height:1.6}
.mark{display:block;width:46px;height:46px;padding:11px;margin-bottom:1.1rem;border-radius:13px;background:var(--deep);fill:none;stroke:var(--accent);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.card blockquote{margin:0}.card blockquote p{margin:0;color:var(--ink);font-size:1.06rem;line-height:1.6}
.quote{display:flex;flex-direction:column;justify-content:space-between;gap:1.4rem}
.quote.only{border:0;background:none;text-align:center;max-width:44rem;margin:0 auto}.quote.only blockquote p{font:600 clamp(1.3rem,1rem + 1.5vw,1.9rem)/1.4 var(--head);letter-spacing:-.015em;text-wrap:balance}
.by{margin:0;text-align:left;font-size:.94rem;line-height:1.45}.only .by{text-align:center}.by b{display:block;font-weight:650}.by span{color:var(--soft)}
.plan{display:flex;flex-direction:column;position:relative}.plan.best{border:2px solid var(--accent);padding:calc(1.7rem - 1px)}
.tag{position:absolute;top:-.85rem;left:1.6rem;padding:.15rem .7rem;border-radius:99px;background:var(--accent);color:var(--on);font-size:.8rem;font-weight:650}
.price{margin:.9rem 0 0!important;color:var(--ink)!important;font:700 2.3rem/1.1 var(--head)!important;letter-spacing:-.03em;font-variant-numeric:tabular-nums}.price small{font:400 1rem/1 var(--body);color:var(--soft);letter-spacing:0}
.points{list-style:none;margin:1.3rem 0 1.6rem;padding:0;display:grid;gap:.6rem;font-size:1rem}
.points li{position:relative;padding-left:1.9rem}.points li:before{content:'';position:absolute;left:.2rem;top:.42em;width:.95rem;height:.5rem;border-left:2.5px solid var(--accent);border-bottom:2.5px solid var(--accent);transform:rotate(-45deg) scale(.8);transform-origin:center}
.plan .button{margin-top:auto}
.under{margin-top:1.6rem;text-align:center;color:var(--soft);font-size:.94rem}
.faq{max-width:46rem;margin-inline:auto;border-top:1px solid var(--line)}
details{border-bottom:1px solid var(--line)}
summary{display:flex;justify-content:space-between;gap:1rem;align-items:center;padding:1.15rem 0;font-weight:600;cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}
summary:after{content:'';flex:none;width:.62rem;height:.62rem;border-right:2px solid var(--soft);border-bottom:2px solid var(--soft);transform:rotate(45deg) translate(-2px,-2px);transition:transform .15s}
details[open] summary:after{transform:rotate(-135deg) translate(-2px,-2px)}
.answer{padding:0 2rem 1.3rem 0;color:var(--soft)}
.steps{counter-reset:step;list-style:none;margin:0;padding:0;display:grid;gap:2.2rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,15rem),1fr))}
.steps li{counter-increment:step;position:relative;padding-top:3.6rem}
.steps li:before{content:counter(step);position:absolute;top:0;left:0;display:grid;place-items:center;width:42px;height:42px;border-radius:50%;background:var(--deep);color:var(--ink);font:700 1.05rem/1 var(--head)}
.steps li:not(:last-child):after{content:'';position:absolute;top:21px;left:54px;right:-1.2rem;height:1px;background:var(--line)}
@media (max-width:620px){.steps{gap:1.6rem}.steps li{padding:.2rem 0 0 3.6rem;min-height:42px}.steps li:not(:last-child):after{top:52px;left:21px;right:auto;bottom:-1.1rem;width:1px;height:auto}}
.steps p{margin-top:.4rem;color:var(--soft)}
.logos{display:flex;flex-wrap:wrap;gap:1.6rem 3.2rem;align-items:center;justify-content:center;list-style:none;margin:0;padding:0}.logos img{max-height:46px;width:auto;max-width:150px}
@media (prefers-color-scheme:dark){.night .logos img,.night .name img{background:#fff;padding:6px 10px;border-radius:8px}}
.small-title{margin-bottom:1.6rem;text-align:center;font:600 .95rem/1.4 var(--body);letter-spacing:0;color:var(--soft)}
.call .in>div{padding:clamp(2.4rem,6vw,4.4rem) clamp(1.4rem,5vw,4rem);border-radius:26px;background:var(--accent);color:var(--on);text-align:center}
.call p{margin:.9rem auto 0;max-width:34rem;opacity:.95}.call .button{margin-top:1.8rem;background:var(--on);color:var(--accent)}
.ask{display:grid;gap:2.4rem;align-items:start}
@media (min-width:900px){.ask.beside{grid-template-columns:1fr 1fr;gap:4.5rem}.ask.beside .lead{padding-top:1.4rem}}
.ask:not(.beside){max-width:34rem;margin-inline:auto}.ask:not(.beside) .lead{text-align:center}
.lead .said{margin-top:.9rem;color:var(--soft);font-size:1.08rem}.lead .points{margin:1.5rem 0 0}
.box{padding:clamp(1.3rem,4vw,2.2rem);border:1px solid var(--line);border-radius:20px;background:var(--panel);box-shadow:0 1px 2px rgb(20 22 30/.04),0 24px 60px -34px rgb(20 22 30/.3);overflow-wrap:anywhere}
.field{margin:0 0 1.1rem}.box label,.box legend{display:block;margin:0 0 .4rem;padding:0;font-weight:550;font-size:.98rem}
fieldset{margin:0;padding:0;border:0;min-width:0}.box h2{font-size:1.15rem;margin:0 0 1rem}.box small{font-weight:400;color:var(--soft);font-size:.88rem}
.box input:not([type=checkbox]):not([type=radio]),.box select,.box textarea{width:100%;min-height:48px;padding:.6rem .85rem;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--edge);border-radius:10px}
.box textarea{resize:vertical}[aria-invalid=true]{border-color:var(--bad)!important}
.box .tick{display:flex;gap:.7rem;margin:0;padding:.25rem 0;font-weight:400}.tick input{flex:none;width:20px;height:20px;margin:.2rem 0 0;accent-color:var(--accent)}
.help,.fault{display:block;margin-top:.35rem;font-size:.9rem;line-height:1.45}.help,.consent{color:var(--soft)}.consent{font-size:.93rem}p.help:empty{display:none}
.fault,.alert{color:var(--bad)}.alert{margin:0 0 1rem;font-weight:600}
.buttons{margin-top:1.3rem}.buttons button{width:100%;min-height:52px;border-radius:12px;border:0;background:var(--accent);color:var(--on);font:600 1.04rem/1.3 var(--body);cursor:pointer}
[hidden]{display:none!important}.trap{position:absolute;left:-9999px;width:1px;height:1px;overflow:hidden}
.thanks{text-align:center;padding:1.4rem 0;font-size:1.15rem;font-weight:550}.thanks .mark{margin:0 auto 1rem;border-radius:50%}
:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:6px}.call :focus-visible{outline-color:var(--on)}
.foot{border-top:1px solid var(--line);padding:2.4rem 0 3rem;color:var(--soft);font-size:.92rem;line-height:1.6}
.foot .in{display:flex;flex-wrap:wrap;gap:1rem 3rem;justify-content:space-between}.foot b{color:var(--ink);font-weight:600}
.foot ul{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;margin:0;padding:0}.foot a{color:inherit;display:inline-block;padding:.35rem 0}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.bar{padding:.6rem 1.25rem;background:#14161c;color:#fff;text-align:center;font-size:.88rem}
@media (max-width:480px){.actions .button{width:100%}.top .button{padding-inline:.9rem}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}`;

/** One style for the whole page, inside it. */
export const pageStyle = (look: Look): string => `${brandStyles(look)}\n${STYLES}`;
