import { createHash } from 'node:crypto';

/** One click is enough, and a file that is too large is told before it is sent; times are those of the browser until somebody chooses others. Without it all works, too. */
export const SCRIPT = `
addEventListener('submit',function(e){var f=e.target,s=0,m=+f.dataset.most||0;
f.querySelectorAll('input[type=file]').forEach(function(i){for(var n=0;n<i.files.length;n++)s+=i.files[n].size});
var a=f.querySelector('[data-too-large]');
if(m&&s>m){e.preventDefault();if(a){a.hidden=false;a.focus()}return}
if(f.dataset.sent){e.preventDefault();return}f.dataset.sent='1';
setTimeout(function(){f.querySelectorAll('button').forEach(function(b){b.disabled=true;if(s)b.textContent=f.dataset.sending||'…'})},0)});
(function(){var f=document.querySelector('form[data-zone]'),z,s;if(!f)return;z=Intl.DateTimeFormat().resolvedOptions().timeZone;s=f.querySelector('select');
if(z&&f.dataset.zone!==z&&[].some.call(s.options,function(o){return o.value===z})){s.value=z;f.submit()}})();
addEventListener('pageshow',function(e){if(e.persisted)location.reload()});
`;

export const SCRIPT_HASH = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`;
