/** Turns slides one at a time: by keys, buttons, a swipe and the address. Without it they stand one under the other. */
export const DECK_SCRIPT = `(()=>{
const root=document.documentElement,slides=[...document.querySelectorAll('.slide')],count=document.querySelector('[data-count]'),bar=document.querySelector('[data-bar]'),live=document.querySelector('[data-live]');
const back=document.querySelector('[data-back]'),next=document.querySelector('[data-next]'),notes=document.querySelector('[data-notes]'),full=document.querySelector('[data-full]');
root.classList.add('js');
let at=-1;
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
  if(focus)slides[at].focus({preventScroll:true});
};
const rolled=(down)=>{const slide=slides[at],most=slide.scrollHeight-slide.clientHeight;
  if(down?slide.scrollTop>=most-4:slide.scrollTop<=4)return false;
  slide.scrollBy({top:(down?1:-1)*slide.clientHeight*.8});return true};
addEventListener('keydown',(event)=>{
  if(event.ctrlKey||event.metaKey||event.altKey)return;
  const on=event.target instanceof Element&&event.target.closest('a,button,input,textarea,select');
  const key=event.key;
  if(on&&(key===' '||key==='Enter'))return;
  const todo={ArrowRight:()=>show(at+1,true),ArrowLeft:()=>show(at-1,true),PageDown:()=>rolled(true)||show(at+1,true),PageUp:()=>rolled(false)||show(at-1,true),ArrowDown:()=>rolled(true)||show(at+1,true),ArrowUp:()=>rolled(false)||show(at-1,true),' ':()=>event.shiftKey?rolled(false)||show(at-1,true):rolled(true)||show(at+1,true),Home:()=>show(0,true),End:()=>show(slides.length-1,true),f:()=>full.click(),n:()=>notes&&notes.click()}[key];
  if(!todo)return;
  event.preventDefault();todo();
});
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
