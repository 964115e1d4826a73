/** Everything the site and the receivers say is put in as text, never as HTML. */
export const consolePage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Tocsin demo</title>
<style>
:root{color-scheme:light dark;--line:light-dark(#d9dee5,#323a45);--card:light-dark(#fff,#191e25);--soft:light-dark(#5a6573,#9aa6b5);--accent:light-dark(#b3261e,#ff8a80);--good:light-dark(#146c2e,#6fdd8b)}
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:light-dark(#f5f6f8,#101419);color:light-dark(#15191f,#e6eaf0)}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.05rem;margin:2rem 0 .5rem}p{margin:.25rem 0;color:var(--soft)}
a{color:inherit}ul{list-style:none;margin:0;padding:0;display:grid;gap:.5rem;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr))}
li,details{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.6rem .8rem}
label{display:flex;gap:.6rem;align-items:baseline;cursor:pointer}small{display:block;color:var(--soft)}input{accent-color:var(--accent)}
details{margin:.4rem 0}summary{cursor:pointer}pre{overflow:auto;font-size:.8rem;white-space:pre-wrap;overflow-wrap:anywhere}.good{color:var(--good)}.bad{color:var(--accent)}
</style></head><body><main>
<h1>Break the demo site</h1>
<p>Flip a switch, go to <a href="/">the dashboard</a>, press “Check now”. The threat appears, the webhook arrives below, the mail lands in <a id="mailbox">the mailbox</a>. Switch it back and check again: it resolves.</p>
<p>The site: <a id="site"></a></p>
<h2>Switches</h2><ul id="switches"></ul>
<h2>Webhooks received</h2><div id="received" aria-live="polite"><p>None yet.</p></div>
</main><script>
const $=(id)=>document.getElementById(id);const el=(tag,text,name)=>{const e=document.createElement(tag);if(text)e.textContent=text;if(name)e.className=name;return e};
function addSwitch(w){const li=el('li'),label=el('label'),box=el('input'),span=el('span',w.name);box.type='checkbox';box.id=w.name;
box.onchange=()=>fetch('/demo/flip?name='+encodeURIComponent(w.name)+'&on='+box.checked,{method:'POST'});span.append(el('small',w.doc));label.append(box,span);li.append(label);$('switches').append(li);return box}
function show(s){$('site').textContent=s.siteUrl;$('site').href=s.siteUrl;$('mailbox').href=s.mailboxUrl;
const open=new Set([...document.querySelectorAll('details[open]')].map((d)=>d.dataset.key));
for(const w of s.switches)($(w.name)??addSwitch(w)).checked=w.on;
if(s.received.length)$('received').replaceChildren(...s.received.map((r)=>{const d=el('details'),m=el('summary',r.type+' ');d.dataset.key=r.id;d.open=open.has(r.id);
m.append(el('span',r.verified?'✓ signature verified':'✗ signature refused',r.verified?'good':'bad'),el('small',r.at+'  '+r.id));
let body=r.body;try{body=JSON.stringify(JSON.parse(r.body),null,2)}catch{}d.append(m,el('pre',body));return d}))}
new EventSource('/demo/live').onmessage=(e)=>show(JSON.parse(e.data));
</script></body></html>
`
