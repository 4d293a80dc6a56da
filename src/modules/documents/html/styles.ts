import { darkShades, FAMILIES, lightShades, tint, type Brand, type Shades } from '#modules/brand/public.ts';

function variables({ accent, onAccent, series }: Shades, wash: string): string {
  return [`--accent:${accent}`, `--on:${onAccent}`, `--wash:${wash}`, ...series.map((hex, i) => `--s${i}:${hex}`)].join(';');
}

/** Colours and letters of a brand, light and dark. Everything that shows a document begins with it. */
export function brandStyles(brand: Pick<Brand, 'accent' | 'font'>): string {
  const [light, dark] = [lightShades(brand), darkShades(brand)];
  const { head, body } = FAMILIES[brand.font];
  return `:root{color-scheme:light dark;--ink:#16181f;--soft:#565b67;--line:#e2e4ea;--canvas:#f6f7f9;--panel:#fff;--head:${head};--body:${body};${variables(light, tint(light.accent, 0.93))}}
@media (prefers-color-scheme:dark){:root{--ink:#edeef2;--soft:#a4a9b6;--line:#2a2d36;--canvas:#0e0f13;--panel:#15171c;${variables(dark, '#1c1f28')}}}
@media print{:root{color-scheme:light;--ink:#16181f;--soft:#565b67;--line:#d9dbe1;--canvas:#fff;--panel:#fff;${variables(light, tint(light.accent, 0.93))}}}`;
}

/** How each part of a document looks, wherever it stands. */
export const PART_STYLES = `*{box-sizing:border-box}
body{margin:0;background:var(--canvas);color:var(--ink);font:16px/1.6 var(--body);-webkit-text-size-adjust:100%;overflow-wrap:break-word}
h1,h2,h3,h4{font-family:var(--head);line-height:1.2;letter-spacing:-.012em;font-weight:650;text-wrap:balance;margin:0}
h2{font-size:1.5rem;margin:2.6rem 0 .9rem}h3{font-size:1.18rem;margin:2rem 0 .6rem}h4{font-size:1rem;margin:1.4rem 0 .4rem}
p{margin:0 0 1rem}ul,ol{margin:0 0 1rem;padding-left:1.4rem}li{margin:.2rem 0}li::marker{color:var(--soft)}
a{color:var(--accent);text-underline-offset:.18em}
hr{border:0;border-top:1px solid var(--line);margin:2.2rem 0}
figure{margin:1.6rem 0}figcaption{margin-top:.5rem;font-size:.86rem;color:var(--soft)}
figure .name{font-weight:600;margin:0 0 .6rem}
img{display:block;max-width:100%;height:auto;border-radius:8px}
.w10{width:10%}.w25{width:25%}.w33{width:33.33%}.w50{width:50%}.w75{width:75%}.w100{width:100%}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.2rem,1fr));margin:1.6rem 0;border:1px solid var(--line);border-radius:12px;overflow:hidden;background:var(--line);gap:1px}
.figures div{background:var(--panel);padding:1rem .9rem}
.figures dt{font-size:.82rem;color:var(--soft);line-height:1.35}.figures dd{margin:.3rem 0 0}
.figures .value{font-size:clamp(1.1rem,4.4vw,1.4rem);line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.015em}
.figures .note{font-size:.82rem;color:var(--soft);line-height:1.4}
.table{overflow-x:auto;margin:1.4rem 0}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.45;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;font-size:1rem;padding:0 0 .6rem}
th{font-size:.8rem;font-weight:600;color:var(--soft);text-align:left;vertical-align:bottom;border-bottom:1.5px solid var(--ink);padding:.4rem .9rem .4rem 0}
td{border-bottom:1px solid var(--line);padding:.5rem .9rem .5rem 0;vertical-align:top}
th:last-child,td:last-child{padding-right:0}
.right{text-align:right}.right,.tight{white-space:nowrap}tfoot td{font-weight:650;border-bottom:0}
.more{font-size:.86rem;color:var(--soft);margin:-.6rem 0 1.4rem}
.tag{display:inline-block;font-size:.75rem;color:var(--soft);border:1px solid var(--line);border-radius:99px;padding:0 .5rem;margin-left:.4rem}
.sums{margin:.4rem 0 1.8rem auto;width:min(100%,22rem);font-variant-numeric:tabular-nums}
.sums div{display:flex;justify-content:space-between;gap:1rem;padding:.25rem 0;color:var(--soft);font-size:.94rem}
.sums dd{margin:0}.sums .total{border-top:1.5px solid var(--ink);margin-top:.4rem;padding-top:.6rem;color:var(--ink);font-weight:650;font-size:1.2rem}
blockquote{margin:1.8rem 0;padding:.2rem 0 .2rem 1.2rem;border-left:3px solid var(--accent);font-size:1.15rem;font-style:italic;line-height:1.5}
blockquote footer{font-size:.88rem;font-style:normal;color:var(--soft);margin-top:.4rem}
.advice{margin:1rem 0;padding:.9rem 1.1rem;border-radius:10px;background:var(--wash);border-left:3px solid var(--accent)}
.advice p{margin:0}.advice .says{font-weight:600}.advice .because,.advice .rule{font-size:.9rem;color:var(--soft)}
.advice .rule{font-size:.78rem;margin-top:.25rem}
.signature{margin:3.6rem 0 1.6rem;max-width:20rem;border-top:1px solid var(--ink);padding-top:.4rem;font-size:.86rem;color:var(--soft)}
.signature b{display:block;color:var(--ink);font-weight:500}
.chart{display:block;width:100%;height:auto;font-family:var(--body);font-variant-numeric:tabular-nums}
.chart .ink{fill:var(--ink)}.chart .soft{fill:var(--soft)}.chart .l-line{stroke:var(--line);fill:none}.chart .l-soft{stroke:var(--soft);fill:none}.chart .l-ground{stroke:var(--panel);fill:none}
${[0, 1, 2, 3, 4, 5].map((i) => `.chart .s${i}{fill:var(--s${i})}.chart .l-s${i}{stroke:var(--s${i});fill:none;stroke-linejoin:round;stroke-linecap:round}.chart .a${i}{fill:var(--s${i});fill-opacity:.13}`).join('')}
.chart .s0:hover,.chart .s1:hover,.chart .s2:hover,.chart .s3:hover,.chart .s4:hover,.chart .s5:hover{fill-opacity:.8}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.button{display:inline-flex;align-items:center;justify-content:center;min-height:44px;padding:.55rem 1.2rem;border-radius:8px;border:1px solid transparent;background:var(--accent);color:var(--on);font:inherit;font-weight:550;text-decoration:none;cursor:pointer}
.button.quiet{background:none;border-color:var(--line);color:var(--ink)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.chart.narrow{display:none}
@media screen and (max-width:560px){.chart.narrow{display:block}.chart.wide,.narrow-hide{display:none}td:not(.right):not(.tight){min-width:7.5rem}}`;

/** A document as one page that is read from top to bottom, and printed. */
export const PAGE_STYLES = `.sheet{max-width:820px;margin:0 auto;background:var(--panel);padding:clamp(1.4rem,6vw,4.2rem)}
@media (min-width:900px){.sheet{margin:2.4rem auto;border:1px solid var(--line);border-radius:16px;box-shadow:0 1px 2px rgb(20 22 30/.04),0 12px 40px rgb(20 22 30/.05)}}
.brand{display:flex;align-items:center;justify-content:space-between;gap:1rem;margin-bottom:clamp(2rem,6vw,3.6rem);font-weight:600;color:var(--accent)}
.brand img{max-height:44px;max-width:190px;width:auto;border-radius:0}
.title{font-size:clamp(1.9rem,6vw,2.7rem)}
.lead{color:var(--soft);font-size:1.08rem;margin:.7rem 0 0}
.mark{width:44px;height:3px;background:var(--accent);border-radius:2px;margin:1.5rem 0 2rem}
.foot{margin-top:3.4rem;padding-top:1.1rem;border-top:1px solid var(--line);font-size:.84rem;color:var(--soft)}
@media print{@page{margin:18mm}body{font-size:10.5pt}.sheet{padding:0;margin:0;border:0;box-shadow:none;max-width:none}.no-print{display:none!important}h2,h3,h4{break-after:avoid}figure,.figures,.advice,tr,.sums{break-inside:avoid}.page-break{break-before:page}thead{display:table-header-group}}`;
