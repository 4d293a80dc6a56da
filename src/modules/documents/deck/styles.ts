/** Slides that fill the window, whatever its size; what does not fit is scrolled inside. */
export const DECK_STYLES = `html,body{height:100%}
body{font-size:clamp(1rem,.8rem + .75vw,1.5rem);line-height:1.5;background:var(--canvas)}
.slide{position:relative;min-height:100vh;padding:clamp(1.4rem,5vw,5rem) clamp(1.4rem,7vw,7.5rem) 5rem;background:var(--panel);border-bottom:1px solid var(--line);display:flex;flex-direction:column;outline:0}
.inner{margin:auto 0;width:100%;max-width:78rem;align-self:center}
.slide h2{font-size:clamp(1.55rem,1.1rem + 2.1vw,2.9rem);margin:0 0 1.1em;line-height:1.14}
.slide h3{font-size:1.25em;margin:0 0 .8em}.slide h4{font-size:1.05em}
.slide ul,.slide ol{display:grid;gap:.45em}
.slide figure{margin:1em 0}.slide .chart.wide{max-height:60vh}
.slide img:not(.mark-logo){max-height:58vh;width:auto;max-width:100%}
.slide .figures .value{font-size:1.7em}.slide .figures dt,.slide .figures .note{font-size:.75em}
.slide table{font-size:.82em}.slide blockquote{font-size:1.5em}
.slide.first{background:var(--accent);color:var(--on)}
.first h1{font-size:clamp(2.1rem,1.3rem + 4vw,4.6rem);line-height:1.05}
.first p{margin:1em 0 0;font-size:1.05em}
.first .brand{margin:0 0 auto;font-weight:600}.first .mark-logo{max-height:52px;max-width:220px;background:#fff;padding:8px 12px;border-radius:8px;width:auto}
.said{display:none;margin-top:2rem;padding:1rem 1.2rem;border:1px dashed var(--line);border-radius:10px;background:var(--wash);color:var(--soft);font-size:.85em;white-space:pre-line}
.noted .said{display:block}
.turn{position:fixed;inset:auto 0 0 0;z-index:2;display:none;align-items:center;gap:.4rem;height:3.4rem;padding:0 .8rem;background:var(--panel);border-top:1px solid var(--line);font:500 .9rem/1 var(--body);font-variant-numeric:tabular-nums}
.turn i{position:absolute;inset:-1px 0 auto 0;height:2px;background:var(--accent);transform-origin:left;transform:scaleX(0);transition:transform .2s}
.turn button,.turn a{display:inline-flex;align-items:center;justify-content:center;min-width:44px;height:44px;padding:0 .7rem;border:0;border-radius:8px;background:none;color:var(--ink);font:inherit;text-decoration:none;cursor:pointer}
.turn button:hover:enabled,.turn a:hover{background:var(--wash)}.turn button:disabled{opacity:.5;cursor:default}.turn button[aria-pressed=true]{background:var(--wash);color:var(--accent)}
.turn path{fill:none;stroke:currentColor;stroke-width:1.5}.turn span{flex:1;color:var(--soft)}
.js body{overflow:hidden}.js .turn{display:flex}
.js .slide{position:absolute;inset:0 0 3.4rem 0;min-height:0;overflow-y:auto;visibility:hidden;opacity:0;border:0;padding-bottom:clamp(1.4rem,4vw,4rem)}
.js .slide.on{visibility:visible;opacity:1}
@media (prefers-reduced-motion:no-preference){.js .slide{transition:opacity .18s}}
@media (max-width:700px){.turn [data-present]{display:none}}
.presenter,.presenter body{height:100%;overflow:hidden}.presenter body{display:flex;flex-direction:column;font-size:18px;background:var(--canvas)}
.presenter .over{display:flex;align-items:center;gap:.8rem;padding:.6rem 1.2vw;font-variant-numeric:tabular-nums}.presenter .clock{font-size:1.9rem;font-weight:650}
.presenter button{min-width:44px;min-height:44px;padding:0 .9rem;border:1px solid var(--line);border-radius:8px;background:var(--panel);color:var(--ink);font:inherit;cursor:pointer}.presenter button:disabled{opacity:.5;cursor:default}
.presenter .since{font-size:1.2rem}.presenter .where{margin-left:auto;color:var(--soft)}
.presenter main{display:flex;flex:1;gap:1.2vw;min-height:0;padding:0 1.2vw 1.2vw}
.presenter .side{display:flex;flex-direction:column;flex:1;min-width:0;min-height:0}.presenter .head{margin:0 0 .4rem;font-size:.8rem;color:var(--soft)}
.presenter .pane{position:relative;flex:none;overflow:hidden;border:1px solid var(--line);border-radius:10px;background:var(--panel)}
.presenter .slide{position:absolute;inset:0 auto auto 0;width:100vw;height:56.25vw;min-height:0;overflow:hidden;border:0;transform-origin:0 0;font-size:clamp(1rem,.8rem + .75vw,1.5rem)}
.presenter .now{width:62vw;height:34.875vw}.presenter .now .slide{transform:scale(.62)}
.presenter .then{width:34vw;height:19.125vw;margin-bottom:1rem}.presenter .then .slide{transform:scale(.34)}.presenter .end{margin:0;padding:1rem;color:var(--soft)}
.presenter .told{flex:1;min-height:0;overflow-y:auto;white-space:pre-line;font-size:1.15rem;line-height:1.5}
@media print{@page{size:297mm 167mm;margin:0}body,.js body{overflow:visible;font-size:13pt}.turn,.js .turn{display:none}.slide,.js .slide{position:relative;inset:auto;visibility:visible;opacity:1;height:167mm;min-height:0;overflow:hidden;padding:14mm 20mm;break-after:page;border:0}.slide:last-of-type{break-after:auto}.slide.first{-webkit-print-color-adjust:exact;print-color-adjust:exact}.slide .chart.wide{max-height:95mm}.said{display:none!important}}`;
