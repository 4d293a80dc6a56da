/** Turns slides one at a time: by keys, buttons, a swipe and the address. Without it they stand one under the other. */
export const DECK_SCRIPT = `(()=>{
const root=document.documentElement,slides=[...document.querySelectorAll('.slide')],count=document.querySelector('[data-count]'),bar=document.querySelector('[data-bar]'),live=document.querySelector('[data-live]');
const back=document.querySelector('[data-back]'),next=document.querySelector('[data-next]'),notes=document.querySelector('[data-notes]'),full=document.querySelector('[data-full]'),present=document.querySelector('[data-present]');
root.classList.add('js');
let at=-1,other=null;
const place=()=>Math.min(slides.length,Math.max(1,Number(/^#(\\d+)$/.exec(location.hash)?.[1]??1)))-1;
const show=(to,focus)=>{
  if(to<0||to>=slides.length||to===at)return;
  at=to;
  slides.forEach((slide,i)=>{slide.classList.toggle('on',i===at);slide.inert=i!==at});
  slides[at].scrollTop=0;
  count.textContent=(at+1)+' / '+slides.length;
  bar.style.setProperty('transform','scaleX('+(at+1)/slides.length+')');
  back.disabled=at===0;next.disabled=at===slides.length-1;
  live.textContent=slides[at].getAttribute('aria-label');
  history.replaceState(null,'','#'+(at+1));
  other?.show();
  if(focus)slides[at].focus({preventScroll:true});
};
const rolled=(down)=>{const slide=slides[at],most=slide.scrollHeight-slide.clientHeight;
  if(down?slide.scrollTop>=most-4:slide.scrollTop<=4)return false;
  slide.scrollBy({top:(down?1:-1)*slide.clientHeight*.8});return true};
const keys=(here)=>(event)=>{
  if(event.ctrlKey||event.metaKey||event.altKey)return;
  const key=event.key,on=event.target?.closest?.('a,button,input,textarea,select');
  if(on&&(key===' '||key==='Enter'))return;
  const focus=here===window;
  const todo={ArrowRight:()=>show(at+1,focus),ArrowLeft:()=>show(at-1,focus),PageDown:()=>rolled(true)||show(at+1,focus),PageUp:()=>rolled(false)||show(at-1,focus),ArrowDown:()=>rolled(true)||show(at+1,focus),ArrowUp:()=>rolled(false)||show(at-1,focus),' ':()=>event.shiftKey?rolled(false)||show(at-1,focus):rolled(true)||show(at+1,focus),Home:()=>show(0,focus),End:()=>show(slides.length-1,focus),f:()=>focus&&full.click(),n:()=>focus&&notes&&notes.click(),p:()=>focus&&present.click()}[key];
  if(!todo)return;
  event.preventDefault();todo();
};
addEventListener('keydown',keys(window));
const open=()=>{
  if(other)return other.window.focus();
  const w=window.open('','','popup,width=1200,height=760');
  if(!w){live.textContent=present.dataset.blocked;return}
  const d=w.document,words=present.dataset,make=(tag,name,text)=>{const one=d.createElement(tag);one.className=name;if(text)one.textContent=text;return one};
  d.documentElement.lang=root.lang;d.documentElement.className='presenter';d.title=words.title;
  d.head.append(...[...document.querySelectorAll('style')].map((one)=>d.importNode(one,true)));
  const clock=make('time','clock'),since=make('button','since'),now=make('div','pane now'),then=make('div','pane then'),said=make('div','told'),where=make('span','where'),left=make('button','go','←'),right=make('button','go','→'),head=make('header','over'),side=make('aside','side'),main=make('main','');
  left.setAttribute('aria-label',back.getAttribute('aria-label'));right.setAttribute('aria-label',next.getAttribute('aria-label'));
  since.title=words.reset;said.tabIndex=0;said.setAttribute('aria-label',words.notes);said.setAttribute('role','region');where.setAttribute('role','status');
  head.append(clock,since,where,left,right);side.append(make('p','head',words.next),then,make('p','head',words.notes),said);main.append(now,side);d.body.replaceChildren(head,main);
  let begun=Date.now();
  const two=(n)=>String(n).padStart(2,'0');
  const tick=()=>{const date=new Date(),s=Math.floor((Date.now()-begun)/1000);clock.textContent=two(date.getHours())+':'+two(date.getMinutes());since.textContent=(s>=3600?Math.floor(s/3600)+':':'')+two(Math.floor(s/60)%60)+':'+two(s%60)};
  const copy=(slide)=>{const one=d.importNode(slide,true);one.inert=true;one.removeAttribute('tabindex');one.querySelectorAll('.said').forEach((it)=>it.remove());one.querySelectorAll('[id]').forEach((it)=>it.removeAttribute('id'));return one};
  other={window:w,show(){
    now.replaceChildren(copy(slides[at]));
    then.replaceChildren(slides[at+1]?copy(slides[at+1]):make('p','end',words.end));
    said.textContent=slides[at].querySelector('.said')?.textContent||words.none;said.scrollTop=0;
    where.textContent=(at+1)+' / '+slides.length;left.disabled=at===0;right.disabled=at===slides.length-1}};
  left.onclick=()=>show(at-1);right.onclick=()=>show(at+1);since.onclick=()=>{begun=Date.now();tick()};
  w.addEventListener('keydown',keys(w));
  w.addEventListener('pagehide',()=>{other=null;present.setAttribute('aria-pressed','false')});
  w.setInterval(tick,1000);tick();other.show();present.setAttribute('aria-pressed','true');
};
present.addEventListener('click',open);
addEventListener('pagehide',()=>other?.window.close());
let from=null;
addEventListener('touchstart',(event)=>{from=event.touches.length===1?event.touches[0]:null},{passive:true});
addEventListener('touchend',(event)=>{
  const to=event.changedTouches[0];
  if(!from||!to)return;
  const x=to.clientX-from.clientX,y=to.clientY-from.clientY;
  if(Math.abs(x)>50&&Math.abs(x)>2*Math.abs(y)&&!(event.target instanceof Element&&event.target.closest('.table')))show(at+(x<0?1:-1),false);
  from=null;
},{passive:true});
back.addEventListener('click',()=>show(at-1,false));
next.addEventListener('click',()=>show(at+1,false));
notes?.addEventListener('click',()=>notes.setAttribute('aria-pressed',String(root.classList.toggle('noted'))));
if(document.fullscreenEnabled)full.addEventListener('click',()=>document.fullscreenElement?document.exitFullscreen():root.requestFullscreen());else full.hidden=true;
addEventListener('hashchange',()=>show(place(),true));
show(place(),false);
})();`;
